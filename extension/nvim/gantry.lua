-- Gantry for nvim-dap (https://github.com/mfussenegger/nvim-dap). README.md beside this file says more.
--
--   dofile('/path/to/gantry/extension/nvim/gantry.lua').setup()
--
-- Options of setup, each of which can be left out: command (the script, where this file is not in its checkout), log (a file for
-- the messages), filetypes (those that get the configurations for any program).
local M = {}

local function checkout()
  local file = debug.getinfo(1, 'S').source:sub(2)
  return vim.fn.fnamemodify(file, ':p:h:h:h')
end

local function ask_program()
  return vim.fn.input('Program: ', vim.fn.getcwd() .. '/', 'file')
end

-- Gantry splits it as a shell would.
local function ask_arguments()
  return vim.fn.input('Arguments: ')
end

local python = {
  { type = 'gantry', request = 'launch', name = 'Gantry: debug this file', program = '${file}', cwd = '${workspaceFolder}' },
  {
    type = 'gantry',
    request = 'launch',
    name = 'Gantry: debug this file with arguments',
    program = '${file}',
    args = ask_arguments,
    cwd = '${workspaceFolder}',
  },
  {
    type = 'gantry',
    request = 'launch',
    name = 'Gantry: run this file',
    program = '${file}',
    noDebug = true,
    cwd = '${workspaceFolder}',
  },
}

local any = {
  {
    type = 'gantry',
    request = 'launch',
    name = 'Gantry: run a program',
    program = ask_program,
    args = ask_arguments,
    cwd = '${workspaceFolder}',
  },
}

local shell = {
  {
    type = 'gantry',
    request = 'launch',
    name = 'Gantry: run this file',
    program = '${file}',
    cwd = '${workspaceFolder}',
  },
}

local function offer(filetype, configurations)
  local dap = require('dap')
  dap.configurations[filetype] = dap.configurations[filetype] or {}
  vim.list_extend(dap.configurations[filetype], vim.deepcopy(configurations))
end

function M.setup(options)
  options = options or {}
  local args = options.log and { 'dap', '--log', options.log } or { 'dap' }
  local command = options.command or (checkout() .. '/gantry')
  local windows = vim.fn.has('win32') == 1
  if windows and not command:lower():find('%.exe$') then
    -- A batch file is started by its interpreter. That would take the quotes off a path that comes first, and a slash for an option.
    local script = command:gsub('%.cmd$', '') .. '.cmd'
    args = vim.list_extend({ '/d', '/c', 'call', (script:gsub('/', '\\')) }, args)
    command = 'cmd.exe'
  end
  require('dap').adapters.gantry = {
    type = 'executable',
    command = command,
    args = args,
    -- The first start of a checkout builds it. On Windows a detached interpreter has no console, and the java that it starts no pipes.
    options = { initialize_timeout_sec = 300, disconnect_timeout_sec = 5, detached = not windows },
  }
  offer('python', python)
  offer('sh', shell)
  for _, filetype in ipairs(options.filetypes or { 'python', 'sh', 'c', 'cpp', 'rust', 'go' }) do
    offer(filetype, any)
  end
end

return M
