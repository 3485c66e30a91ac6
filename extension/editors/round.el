;;; round.el --- What the two rounds in Emacs have in common  -*- lexical-binding: t; -*-

;;; Code:

(defvar round-program (getenv "GANTRY_ROUND_PROGRAM"))
(defvar round-line (string-to-number (getenv "GANTRY_ROUND_LINE")))

(defun round-say (format &rest arguments)
  "Report a step of the round, which FORMAT and ARGUMENTS tell."
  (write-region (concat (apply #'format format arguments) "\n") nil (getenv "GANTRY_ROUND_REPORT") 'append 'silent))

(defun round-await (what condition)
  "Wait until CONDITION, a function, returns non-nil, and return that.
WHAT says in words what is waited for."
  (let ((deadline (+ (float-time) 60)) value)
    (while (not (setq value (funcall condition)))
      (when (> (float-time) deadline)
        (round-say "FAILED: waited in vain for %s" what)
        (kill-emacs 1))
      (accept-process-output nil 0.05))
    value))

(defun round-open ()
  "Show the program, with point at the line of the breakpoint."
  (find-file round-program)
  (goto-char (point-min))
  (forward-line (1- round-line)))

(add-to-list 'load-path (expand-file-name "../emacs" (file-name-directory load-file-name)))
(setq make-backup-files nil
      create-lockfiles nil
      enable-local-variables nil)

(provide 'round)
;;; round.el ends here
