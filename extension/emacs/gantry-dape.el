;;; gantry-dape.el --- Gantry for dape  -*- lexical-binding: t; -*-

;;; Commentary:
;; (add-to-list 'load-path "/path/to/gantry/extension/emacs")
;; (with-eval-after-load 'dape (require 'gantry-dape))
;;
;; Then M-x dape.  The keys with a colon are launch attributes: every one of Gantry's can be added there, or when M-x dape asks.

;;; Code:

(require 'dape)
(require 'gantry)

(defun gantry-dape-ensure (_config)
  "Say what to do where Gantry is not found."
  (gantry-command))

(defun gantry-dape-command ()
  "The program that starts the adapter."
  (car (gantry-command)))

(defun gantry-dape-command-args ()
  "The arguments of `gantry-dape-command'."
  (cdr (gantry-command)))

(defun gantry-dape-read-program ()
  "Ask for the program to run."
  (interactive)
  (expand-file-name (read-file-name "Program: " nil nil t)))

(dolist (configuration
         '((gantry
            modes (python-mode python-ts-mode)
            ensure gantry-dape-ensure
            command gantry-dape-command
            command-args gantry-dape-command-args
            :type "gantry"
            :request "launch"
            :program dape-buffer-default
            :args []
            :cwd dape-cwd)
           (gantry-run
            modes (python-mode python-ts-mode sh-mode bash-ts-mode)
            ensure gantry-dape-ensure
            command gantry-dape-command
            command-args gantry-dape-command-args
            :type "gantry"
            :request "launch"
            :noDebug t
            :program dape-buffer-default
            :args []
            :cwd dape-cwd)
           (gantry-program
            ensure gantry-dape-ensure
            command gantry-dape-command
            command-args gantry-dape-command-args
            :type "gantry"
            :request "launch"
            :program gantry-dape-read-program
            :args []
            :cwd dape-cwd)))
  (setf (alist-get (car configuration) dape-configs) (cdr configuration)))

(provide 'gantry-dape)
;;; gantry-dape.el ends here
