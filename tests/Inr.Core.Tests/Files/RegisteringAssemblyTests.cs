namespace Inr.Tests;

/// <summary>An assembly that is there is started; one that is not is no error.</summary>
public sealed class RegisteringAssemblyTests
{
    [Fact]
    public void Start_SaysWhetherTheAssemblyIsThere()
    {
        RegisteringAssembly.Start("Inr.Core").Should().BeTrue();
        RegisteringAssembly.Start("Inr.NoSuchPackage").Should().BeFalse();
        ((Action)(() => RegisteringAssembly.Start(" "))).Should().Throw<ArgumentException>();
    }
}
