;;; gantry-dap-mode.el --- Gantry for dap-mode  -*- lexical-binding: t; -*-

;;; Commentary:
;; (add-to-list 'load-path "/path/to/gantry/extension/emacs")
;; (require 'gantry-dap-mode)
;;
;; Then M-x dap-debug.  What is in a template is sent to Gantry as it is: every launch attribute has its place there.

;;; Code:

(require 'dap-mode)
;; Without it dap-mode fails at the first exception filter that an adapter announces, and no session starts.
(require 'dap-ui)
(require 'gantry)

(defun gantry-dap--program (configuration)
  "What CONFIGURATION, which names nothing to run, is to run."
  (if (plist-get configuration :ask)
      (expand-file-name (read-file-name "Program: " nil nil t))
    (or buffer-file-name (user-error "This buffer has no file to run"))))

(defun gantry-dap--complete (configuration)
  "Fill in what CONFIGURATION leaves out."
  (unless (seq-some (lambda (key) (plist-get configuration key)) '(:program :module :code))
    (setq configuration (plist-put configuration :program (gantry-dap--program configuration))))
  (unless (plist-get configuration :cwd)
    (setq configuration (plist-put configuration :cwd (expand-file-name default-directory))))
  (plist-put (dap--plist-delete configuration :ask) :dap-server-path (gantry-command)))

(dap-register-debug-provider "gantry" #'gantry-dap--complete)

(dap-register-debug-template "Gantry: debug this file" (list :type "gantry" :request "launch" :args []))
(dap-register-debug-template "Gantry: run this file" (list :type "gantry" :request "launch" :args [] :noDebug t))
(dap-register-debug-template "Gantry: run a program" (list :type "gantry" :request "launch" :args [] :ask t))

(defun gantry-dap-send-input (line)
  "Send LINE to the standard input of the running program.
`.eof' alone ends the input."
  (interactive "sInput: ")
  (dap--send-message (dap--make-request "evaluate" (list :expression line :context "repl"))
                     (dap--resp-handler)
                     (dap--cur-active-session-or-die)))

(provide 'gantry-dap-mode)
;;; gantry-dap-mode.el ends here
