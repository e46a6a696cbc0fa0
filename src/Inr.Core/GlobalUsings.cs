global using Inr.Diagnostics;
global using Inr.Optimization;
global using Inr.Structure;
global using TorchSharp;
global using static TorchSharp.torch;
