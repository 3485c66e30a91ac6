;;; emacs-dap-mode.el --- The round with dap-mode  -*- lexical-binding: t; -*-

;;; Code:

(dolist (package (and (getenv "GANTRY_ROUND_PACKAGES")
                      (file-expand-wildcards (concat (getenv "GANTRY_ROUND_PACKAGES") "/*"))))
  (add-to-list 'load-path package))
(require 'round (expand-file-name "round.el" (file-name-directory load-file-name)))
(require 'gantry-dap-mode)

(defvar round-exit-code nil)

;; dap-mode drops the exit code, and ends the session, when it comes.
(advice-add 'dap--on-event :before
            (lambda (_session event)
              (when (equal (gethash "event" event) "exited")
                (setq round-exit-code (gethash "exitCode" (gethash "body" event))))))

(defun round-frame ()
  "The frame that the session shows."
  (dap--debug-session-active-frame (dap--cur-session)))

(defun round-stop (what)
  "Wait for a stop, which WHAT says in words, and report its line."
  (round-await what #'round-frame)
  (round-say "%s line %d" what (gethash "line" (round-frame)))
  (unless (equal (line-number-at-pos) (gethash "line" (round-frame)))
    (round-say "FAILED: point is in line %d" (line-number-at-pos))))

(defun round-local (name)
  "The value of the local NAME."
  (let* ((session (dap--cur-session))
         (scopes (gethash "scopes" (dap-request session "scopes" :frameId (gethash "id" (round-frame)))))
         (reference (gethash "variablesReference" (car scopes)))
         (variables (gethash "variables" (dap-request session "variables" :variablesReference reference))))
    (gethash "value" (seq-find (lambda (variable) (equal (gethash "name" variable) name)) variables))))

(dap-mode 1)
(round-open)
(dap-breakpoint-add)
(dap-debug (copy-tree (cdr (assoc "Gantry: debug this file" dap-debug-template-configurations))))
(round-stop "stopped at")
(round-say "local answer = %s" (round-local "answer"))
(dap-next (dap--cur-session))
(round-stop "stepped to")
(call-interactively #'dap-continue)
(round-await "the end of the session" (lambda () (not (dap--session-running (dap--cur-session)))))
(with-current-buffer (dap--debug-session-output-buffer (dap--cur-session))
  (when (equal (buffer-string) "the answer is 42\nand that is all\n")
    (round-say "output seen")))
(round-say "exit code %s" round-exit-code)
(round-say "session ended")

;;; emacs-dap-mode.el ends here
