;;; emacs-dape.el --- The round with dape  -*- lexical-binding: t; -*-

;;; Code:

(add-to-list 'load-path (getenv "GANTRY_ROUND_PACKAGES"))
(require 'round (expand-file-name "round.el" (file-name-directory load-file-name)))
(require 'dape)
(require 'gantry-dape)

(defvar round-output "")
(defvar round-exit-code nil)

(cl-defmethod dape-handle-event :before (_conn (_event (eql output)) body)
  "Keep what the program writes, of BODY."
  (when (equal (plist-get body :category) "stdout")
    (setq round-output (concat round-output (plist-get body :output)))))

(cl-defmethod dape-handle-event :before (_conn (_event (eql exited)) body)
  "Keep the exit code of BODY."
  (setq round-exit-code (plist-get body :exitCode)))

(defun round-connection ()
  "The session, where it is stopped."
  (dape--live-connection 'stopped t))

(defun round-frame ()
  "The frame that the session shows."
  (and (round-connection) (dape--current-stack-frame (round-connection))))

(defun round-stop (what line)
  "Wait for the stop that WHAT tells at LINE, and report it."
  (round-await what (lambda () (equal (plist-get (round-frame) :line) line)))
  (round-say "%s line %d" what (plist-get (round-frame) :line)))

(defun round-ask (command arguments)
  "The answer to COMMAND with ARGUMENTS, by dape's own call for a request."
  (let (answer)
    (dape-request (round-connection) command arguments (lambda (&optional body _error) (setq answer body)))
    (round-await command (lambda () answer))))

(defun round-local (name)
  "The value of the local NAME."
  (let* ((scopes (round-ask :scopes (list :frameId (plist-get (round-frame) :id))))
         (reference (plist-get (elt (plist-get scopes :scopes) 0) :variablesReference))
         (variables (round-ask :variables (list :variablesReference reference))))
    (plist-get (seq-find (lambda (variable) (equal (plist-get variable :name) name)) (plist-get variables :variables))
               :value)))

;; Windows are not wanted here.
(setq dape-start-hook nil)
(round-open)
(dape-breakpoint-toggle)
(goto-char (point-min))
(dape (dape--config-eval 'gantry nil))
(round-stop "stopped at" round-line)
(round-say "local answer = %s" (round-local "answer"))
(dape-next (round-connection))
(round-stop "stepped to" (1+ round-line))
(dape-continue (round-connection))
(round-await "the end of the session" (lambda () (and round-exit-code (not dape-active-mode))))
(when (equal round-output "the answer is 42\nand that is all\n")
  (round-say "output seen"))
(round-say "exit code %s" round-exit-code)
(round-say "session ended")

;;; emacs-dape.el ends here
