using Inr.Cli.Commands;

return Shell.Run(args);
