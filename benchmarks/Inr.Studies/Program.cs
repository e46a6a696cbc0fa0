using Inr.Studies;

return StudyShell.Run(args);
