-- The round with nvim-dap, in a Neovim without a window: nvim --headless -u NONE --cmd 'set runtimepath^=NVIM-DAP' -c 'luafile THIS'
local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')
local line = tonumber(vim.env.GANTRY_ROUND_LINE)
local seen = { output = '' }

local function say(text)
  vim.fn.writefile({ text }, vim.env.GANTRY_ROUND_REPORT, 'a')
end

local function await(what, condition)
  if not vim.wait(60000, condition, 20) then
    error('waited in vain for ' .. what, 0)
  end
end

-- The answer to a request, by the session's own call for one.
local function ask(session, command, arguments)
  local answer
  session:request(command, arguments, function(err, body)
    answer = { err = err, body = body }
  end)
  await(command, function() return answer end)
  return assert(answer.body, command .. ' failed')
end

local function local_value(session, frame, name)
  local scope = ask(session, 'scopes', { frameId = frame.id }).scopes[1]
  for _, variable in ipairs(ask(session, 'variables', { variablesReference = scope.variablesReference }).variables) do
    if variable.name == name then
      return variable.value
    end
  end
end

local function round()
  dofile(here .. '/../nvim/gantry.lua').setup()
  local dap = require('dap')
  dap.listeners.after.event_output.round = function(_, body)
    seen.output = seen.output .. (body.category == 'stdout' and body.output or '')
  end
  dap.listeners.after.event_exited.round = function(_, body)
    seen.code = body.exitCode
  end
  -- The line that the editor shows, once it shows the frame of a stop.
  local function stop(what, where)
    await(what, function()
      local session = dap.session()
      return session and session.current_frame and session.current_frame.line == where and vim.fn.line('.') == where
    end)
    say(what .. ' line ' .. dap.session().current_frame.line)
  end

  vim.cmd('filetype on')
  vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.GANTRY_ROUND_PROGRAM))
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  dap.set_breakpoint()
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  assert(vim.bo.filetype == 'python', 'the file is no python to Neovim, but ' .. vim.bo.filetype)
  dap.run(dap.configurations.python[1])
  stop('stopped at', line)
  local session = dap.session()
  say('local answer = ' .. tostring(local_value(session, session.current_frame, 'answer')))
  dap.step_over()
  stop('stepped to', line + 1)
  dap.continue()
  await('the end of the session', function() return seen.code and not dap.session() end)
  if seen.output == 'the answer is 42\nand that is all\n' then
    say('output seen')
  end
  say('exit code ' .. seen.code)
  say('session ended')
end

local fine, problem = pcall(round)
if fine then
  vim.cmd('qall!')
else
  say('FAILED: ' .. tostring(problem))
  vim.cmd('cquit 1')
end
