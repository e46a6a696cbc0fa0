using TorchSharp;

namespace Inr.Tests.Torch;

public sealed class InrDeviceTests
{
    [Theory]
    [InlineData("auto", "auto", null)]
    [InlineData("CPU", "cpu", null)]
    [InlineData(" cuda ", "cuda", null)]
    [InlineData("cuda:0", "cuda:0", 0)]
    [InlineData("Cuda:12", "cuda:12", 12)]
    public void Parse_KnownText_RoundTrips(string text, string expected, int? index)
    {
        InrDevice device = InrDevice.Parse(text);
        device.ToString().Should().Be(expected);
        device.Index.Should().Be(index);
        InrDevice.Parse(device.ToString()).Should().Be(device);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1x")]
    [InlineData("cuda:99999999999")]
    [InlineData("cpu:0")]
    public void Parse_OtherText_NamesTheChoices(string text)
    {
        InrDevice.TryParse(text, out _).Should().BeFalse();
        FluentActions.Invoking(() => InrDevice.Parse(text)).Should().Throw<FormatException>()
            .WithMessage($"'{text}' is not a device; use auto, cpu, cuda or cuda:n*");
    }

    [Fact]
    public void Resolve_Cpu_IsTheCpu() => InrDevice.Cpu.Resolve().type.Should().Be(DeviceType.CPU);

    [Fact]
    public void Resolve_Auto_IsADeviceThatHoldsTensors()
    {
        using torch.Tensor tensor = torch.ones(3, device: InrDevice.Auto.Resolve());
        tensor.sum().item<float>().Should().Be(3);
    }

    [Fact]
    public void Resolve_GpuThatIsNotThere_SaysWhyAndWhatToDo()
    {
        InrDevice device = InrDevice.Parse("cuda:99");
        FluentActions.Invoking(device.Resolve).Should().Throw<DeviceUnavailableException>()
            .WithMessage("The device 'cuda:99' is not available.*use c*").Which.Device.Should().Be(device);
    }
}
