using Inr.Files;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;

namespace Inr.Tests.Scenes;

/// <summary>The reduced official view-synthesis configuration and what the official code computed with it (fixtures/trans_inr_nvs_small).</summary>
internal sealed class OfficialScenes : IDisposable
{
    public OfficialScenes()
    {
        Io = Load("io");
        Field = new NerfMlp(new NerfMlpOptions { Depth = 3, Width = 32, EncodingSize = 20 });
        Options = new TransformerOptions { Dimension = 32, Depth = 2, Heads = 4, HeadDimension = 8, FeedForward = 64, PatchSize = 8, WeightGroups = 8 };
        Support = Views("support");
        Query = Views("query");
        Renderer = new VolumeRenderer(new VolumeRendererOptions { PointsPerRay = 32 });
    }

    public IReadOnlyDictionary<string, Tensor> Io { get; }

    public NerfMlp Field { get; }

    public TransformerOptions Options { get; }

    public PosedViews Support { get; }

    public PosedViews Query { get; }

    public VolumeRenderer Renderer { get; }

    public static IReadOnlyDictionary<string, Tensor> Load(string name) => Npz.Load(Folder(name + ".npz"));

    public static string Folder(string file) => Path.Combine(AppContext.BaseDirectory, "fixtures", "trans_inr_nvs_small", file);

    public void Dispose()
    {
        foreach (var t in Io.Values)
            t.Dispose();
        Support.Dispose();
        Query.Dispose();
    }

    // The official pictures are [B,V,3,S,S].
    private PosedViews Views(string which) => new(Io[$"{which}_imgs"].permute(0, 1, 3, 4, 2).contiguous(), Io[$"{which}_poses"].clone(), Io[$"{which}_focals"].clone());
}
