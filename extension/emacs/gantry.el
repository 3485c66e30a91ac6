;;; gantry.el --- How Emacs starts Gantry  -*- lexical-binding: t; -*-

;;; Commentary:
;; What gantry-dap-mode.el and gantry-dape.el have in common.  README.md beside this file says how to use them.

;;; Code:

(defgroup gantry nil
  "Gantry, a debug adapter for Python and a launcher for any program."
  :group 'tools)

(defcustom gantry-program
  (let* ((here (file-name-directory (file-truename (or load-file-name buffer-file-name))))
         (script (expand-file-name "../../gantry" here)))
    (if (file-exists-p script) script "gantry"))
  "The script `gantry' of a checkout or a package, or its name on the PATH.
On Windows `.cmd' is put behind it."
  :type 'string)

(defun gantry-command ()
  "The words that start the adapter."
  (let ((windows (eq system-type 'windows-nt))
        (program gantry-program))
    (when (and windows (not (string-suffix-p ".cmd" program t)))
      (setq program (concat program ".cmd")))
    (let ((found (executable-find program)))
      (unless found
        (user-error "Gantry is not at %s; set gantry-program to the script of its checkout" program))
      (if windows
          ;; A batch file is started by its interpreter, which takes the quotes off a path that comes first.
          (list "cmd.exe" "/d" "/c" "call" (subst-char-in-string ?/ ?\\ found) "dap")
        (list found "dap")))))

(provide 'gantry)
;;; gantry.el ends here
