using Inr.Testing;

namespace Inr.Core.Tests.Optimization;

/// <summary>Streams of a seed, a purpose and a counter: the same again, and none like another.</summary>
public sealed class RandomStreamsTests
{
    [Fact]
    public void Create_OfOtherSeedPurposeOrCounter_GivesOtherNumbers()
    {
        using var scope = NewDisposeScope();
        Tensor Draw(Generator generator)
        {
            using (generator)
                return rand([8], generator: generator);
        }

        var draws = new List<Tensor> { Draw(new Generator(0)) };
        foreach (long seed in new long[] { 0, 1 })
        {
            foreach (var purpose in Enum.GetValues<RandomStreams.Purpose>())
            {
                foreach (long counter in new long[] { 0, 1 })
                {
                    draws.Add(Draw(RandomStreams.Create(seed, purpose, counter)));
                    Close.ShouldBeSame(Draw(RandomStreams.Create(seed, purpose, counter)), draws[^1]);
                }
            }
        }

        for (int i = 0; i < draws.Count; i++)
        {
            for (int j = 0; j < i; j++)
                (draws[i] - draws[j]).abs().max().item<float>().Should().BeGreaterThan(0, $"streams {i} and {j} differ");
        }
    }
}
