using System.Text.Json.Serialization;

namespace Inr.Folders;

/// <summary>The type of <see cref="ManifestLine"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(FolderEntry))]
internal sealed partial class FolderJson : JsonSerializerContext;
