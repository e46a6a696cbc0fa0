global using Inr.Diagnostics;
global using Inr.Optimization;
global using TorchSharp;
global using static TorchSharp.torch;
