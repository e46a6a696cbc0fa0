global using BenchmarkDotNet.Attributes;
global using TorchSharp;
global using static TorchSharp.torch;
