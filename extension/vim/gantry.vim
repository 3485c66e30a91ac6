" Gantry for vimspector (https://github.com/puremourning/vimspector). README.md beside this file says more. In the vimrc:
"
"   source /path/to/gantry/extension/vim/gantry.vim
"
" The adapter is the script of the checkout that this file lies in; a copy of it needs g:gantry_program, set before. The
" configurations are those of .vimspector.json beside this file, if it is there.
let s:here = expand('<sfile>:p:h')
let s:program = get(g:, 'gantry_program', fnamemodify(s:here, ':h:h') . '/gantry')
let s:command = [s:program, 'dap']
if has('win32')
  " A batch file is started by its interpreter, which takes the quotes off a path that comes first.
  let s:script = substitute(substitute(s:program, '\.cmd$', '', '') . '.cmd', '/', '\\', 'g')
  let s:command = ['cmd.exe', '/d', '/c', 'call', s:script, 'dap']
endif
let g:vimspector_adapters = extend(
      \ get(g:, 'vimspector_adapters', {}), { 'gantry': { 'name': 'gantry', 'command': s:command } })

let s:shipped = s:here . '/.vimspector.json'
if filereadable(s:shipped)
  let g:vimspector_configurations = extend(
        \ get(g:, 'vimspector_configurations', {}),
        \ json_decode(join(readfile(s:shipped), "\n")).configurations, 'keep')
endif
