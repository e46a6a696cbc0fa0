using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Studies;

/// <summary>The operations of the official Trans-INR code one by one, as a PyTorch user would transcribe them: the yardstick of speed.</summary>
internal sealed class PlainTransInr(IReadOnlyDictionary<string, Tensor> weights, int heads, int patch, int padding)
{
    private readonly int _depth = weights.Keys.Count(k => k.EndsWith("to_q.weight", StringComparison.Ordinal));
    private readonly int _layers = weights.Keys.Count(k => k.StartsWith("base_params.", StringComparison.Ordinal));

    /// <summary>The stacked matrices [B,in+1,out] of images [B,3,S,S].</summary>
    public Tensor[] Encode(Tensor images)
    {
        var patches = nn.functional.unfold(images, (patch, patch), (1, 1), (padding, padding), (patch, patch)).permute(0, 2, 1);
        var tokens = nn.functional.linear(patches, W("tokenizer.prefc.weight"), W("tokenizer.prefc.bias")) + W("tokenizer.posemb").unsqueeze(0);
        var own = W("wtokens");
        long batch = images.shape[0];
        var x = cat([tokens, own.unsqueeze(0).repeat(batch, 1, 1)], 1);
        for (int i = 0; i < _depth; i++)
        {
            string p = $"transformer_encoder.layers.{i}";
            x = Attention(Norm(x, $"{p}.0.norm"), $"{p}.0.fn") + x;
            x = FeedForward(Norm(x, $"{p}.1.norm"), $"{p}.1.fn.net") + x;
        }

        var encoded = x.narrow(1, x.shape[1] - own.shape[0], own.shape[0]);
        var result = new Tensor[_layers];
        long first = 0;
        for (int i = 0; i < _layers; i++)
        {
            var matrix = W($"base_params.wb{i}");
            long inputs = matrix.shape[0] - 1;
            long outputs = matrix.shape[1];
            long groups = Math.Min(Groups, outputs);
            var h = Norm(encoded.narrow(1, first, groups), $"wtoken_postfc.wb{i}.0");
            h = nn.functional.linear(h, W($"wtoken_postfc.wb{i}.1.weight"), W($"wtoken_postfc.wb{i}.1.bias")).transpose(-1, -2);
            var both = matrix.unsqueeze(0).repeat(batch, 1, 1);
            var w = nn.functional.normalize(both.narrow(1, 0, inputs) * h.repeat(1, 1, outputs / groups), 2, 1);
            result[i] = cat([w, both.narrow(1, inputs, 1)], 1);
            first += groups;
        }

        return result;
    }

    /// <summary>Pixels [B,N,3] at coordinates [N,2].</summary>
    public static Tensor Decode(Tensor[] matrices, Tensor coordinates, int encoding, double maxFrequency)
    {
        long batch = matrices[0].shape[0];
        var w = exp(linspace(0, Math.Log(maxFrequency), encoding / 2));
        var phase = (coordinates.unsqueeze(0).repeat(batch, 1, 1).unsqueeze(-1) * w).flatten(-2) * Math.PI;
        var x = cat([phase.cos(), phase.sin()], -1);
        for (int i = 0; i < matrices.Length; i++)
        {
            x = bmm(cat([x, ones(x.shape[0], x.shape[1], 1)], -1), matrices[i]);
            x = i + 1 < matrices.Length ? x.relu() : x + 0.5;
        }

        return x;
    }

    private long Groups { get; } = (weights["wtokens"].shape[0] - 3) / (weights.Keys.Count(k => k.StartsWith("base_params.", StringComparison.Ordinal)) - 1);

    private Tensor Attention(Tensor x, string p)
    {
        var q = Split(nn.functional.linear(x, W($"{p}.to_q.weight")));
        var keyValue = nn.functional.linear(x, W($"{p}.to_kv.weight")).chunk(2, -1);
        var k = Split(keyValue[0]);
        var v = Split(keyValue[1]);
        var scores = einsum("bhid,bhjd->bhij", q, k) * Math.Pow(q.shape[3], -0.5);
        var mixed = einsum("bhij,bhjd->bhid", scores.softmax(-1), v);
        return nn.functional.linear(mixed.transpose(1, 2).flatten(2), W($"{p}.to_out.0.weight"), W($"{p}.to_out.0.bias"));
    }

    private Tensor FeedForward(Tensor x, string p)
    {
        var h = nn.functional.gelu(nn.functional.linear(x, W($"{p}.0.weight"), W($"{p}.0.bias")));
        return nn.functional.linear(h, W($"{p}.3.weight"), W($"{p}.3.bias"));
    }

    private Tensor Split(Tensor x) => x.reshape(x.shape[0], x.shape[1], heads, -1).permute(0, 2, 1, 3);

    private Tensor Norm(Tensor x, string p) => nn.functional.layer_norm(x, [x.shape[^1]], W($"{p}.weight"), W($"{p}.bias"));

    private Tensor W(string name) => weights[name];
}
