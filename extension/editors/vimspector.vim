" The round with vimspector, in a Vim at a pseudo-terminal of `script`: vim -Nu THIS
set nocompatible nomore hidden noswapfile cmdheight=6 columns=200 lines=60 shortmess+=aoOtTIcF
filetype plugin on
execute 'set runtimepath^=' . fnameescape($GANTRY_ROUND_PLUGIN)
let s:here = expand('<sfile>:p:h')
execute 'source' fnameescape(s:here . '/../vim/gantry.vim')

let s:line = str2nr($GANTRY_ROUND_LINE)
let s:ended = 0

function! s:Say(text) abort
  call writefile([a:text], $GANTRY_ROUND_REPORT, 'a')
endfunction

function! s:Await(what, Condition) abort
  let l:start = reltime()
  while !a:Condition()
    if reltimefloat(reltime(l:start)) > 60
      throw 'waited in vain for ' . a:what
    endif
    sleep 50m
  endwhile
endfunction

" The line of the cursor in the window of the code; none before there is one.
function! s:CodeLine() abort
  let l:windows = get(g:, 'vimspector_session_windows', {})
  return empty(get(l:windows, 'code', 0)) ? 0 : line('.', l:windows.code)
endfunction

function! s:Stop(what, line) abort
  call s:Await(a:what, {-> s:CodeLine() == a:line})
  call s:Say(a:what . ' line ' . s:CodeLine())
endfunction

function! s:VariableLines() abort
  return getbufline(winbufnr(g:vimspector_session_windows.variables), 1, '$')
endfunction

" Whether a buffer of vimspector's shows this line of the program's.
function! s:Shown(text) abort
  for l:buffer in getbufinfo()
    if l:buffer.name =~# 'vimspector' && index(getbufline(l:buffer.bufnr, 1, '$'), a:text) >= 0
      return 1
    endif
  endfor
  return 0
endfunction

" vimspector shows the exit code in a message that is not kept.
function! s:ListenForTheExit() abort
  py3 << EOF
import vim
from vimspector import debug_session
_original = debug_session.DebugSession.OnEvent_exited
def _exited(self, message):
    vim.vars['round_exit_code'] = message['body']['exitCode']
    return _original(self, message)
debug_session.DebugSession.OnEvent_exited = _exited
EOF
endfunction

function! s:Round() abort
  call s:ListenForTheExit()
  autocmd User VimspectorDebugEnded ++nested let s:ended = 1
  execute 'edit' fnameescape($GANTRY_ROUND_PROGRAM)
  call cursor(s:line, 1)
  call vimspector#ToggleBreakpoint()
  call cursor(1, 1)
  call vimspector#LaunchWithSettings({ 'configuration': 'Gantry: debug this file' })
  call s:Stop('stopped at', s:line)
  call s:Await('the local', {-> match(s:VariableLines(), '\<answer\>.*\<42$') >= 0})
  call s:Say('local answer = 42')
  call vimspector#StepOver()
  call s:Stop('stepped to', s:line + 1)
  call vimspector#Continue()
  call s:Await('the exit', {-> exists('g:round_exit_code')})
  call s:Await('the output', {-> s:Shown('the answer is 42') && s:Shown('and that is all')})
  call s:Say('output seen')
  call s:Say('exit code ' . g:round_exit_code)
  call vimspector#Reset()
  call s:Await('the end of the session', {-> s:ended})
  call s:Say('session ended')
endfunction

function! s:Try() abort
  try
    call s:Round()
  catch
    call s:Say('FAILED: ' . v:exception . ' in ' . v:throwpoint)
    cquit
  endtry
  qall!
endfunction

autocmd VimEnter * call timer_start(0, {-> s:Try()})
