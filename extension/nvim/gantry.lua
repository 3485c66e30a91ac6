-- Gantry for nvim-dap (https://github.com/mfussenegger/nvim-dap).
--
--   local gantry = dofile('/path/to/gantry/extension/nvim/gantry.lua')
--   gantry.setup()                          -- or gantry.setup { command = '/usr/local/bin/gantry' }
--
-- Then :lua require('dap').continue() in a Python or shell file. What is typed at the REPL's prompt goes to the program.
local M = {}

local function checkout()
  local file = debug.getinfo(1, 'S').source:sub(2)
  return vim.fn.fnamemodify(file, ':p:h:h:h')
end

function M.setup(options)
  options = options or {}
  local dap = require('dap')
  local args = options.log and { 'dap', '--log', options.log } or { 'dap' }
  local command = options.command or (checkout() .. '/gantry')
  local windows = vim.fn.has('win32') == 1
  if not options.command and windows then
    -- A batch file is started by its interpreter. That would take the quotes off a path that comes first, and a slash for an option.
    local script = (command .. '.cmd'):gsub('/', '\\')
    args = vim.list_extend({ '/d', '/c', 'call', script }, args)
    command = 'cmd.exe'
  end
  dap.adapters.gantry = {
    type = 'executable',
    command = command,
    args = args,
    -- The first start of a checkout builds it. On Windows a detached interpreter has no console, and the java that it starts no pipes.
    options = { initialize_timeout_sec = 300, disconnect_timeout_sec = 5, detached = not windows },
  }
  local run = {
    type = 'gantry',
    request = 'launch',
    name = 'Gantry: run this file',
    program = '${file}',
    cwd = '${workspaceFolder}',
  }
  for _, filetype in ipairs(options.filetypes or { 'python', 'sh' }) do
    dap.configurations[filetype] = dap.configurations[filetype] or {}
    table.insert(dap.configurations[filetype], vim.deepcopy(run))
  end
end

return M
