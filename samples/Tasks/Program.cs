using Tasks;

var tasks = new Dictionary<string, Action<string>>
{
    ["picture"] = Picture.Run,
    ["sound"] = Sound.Run,
    ["points"] = ScatteredPoints.Run,
    ["shape"] = Shape.Run,
    ["volume"] = Volume.Run,
    ["small-file"] = SmallFile.Run,
    ["prior"] = Prior.Run,
    ["derivatives"] = Derivatives.Run,
};

if (args is not [var name] || !tasks.TryGetValue(name, out var task))
{
    Console.Error.WriteLine($"Name one task: {string.Join(", ", tasks.Keys)}.");
    return 2;
}

task(Environment.CurrentDirectory);
return 0;
