using Inr.Cli.Commands;
using Inr.Cli.Runtime;

// Before anything of libtorch is loaded: see OpenMpWait.
OpenMpWait.Sleep();
return Shell.Run(args);
