using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Inr;

/// <summary>
/// Brings the native half of TorchSharp into the process. Referencing Inr is enough: when the first use of TorchSharp
/// finds no loadable library by the usual rules, Inr supplies one (on Linux with an older C++ library: a patched
/// copy in the user's cache folder). <see cref="EnsureLoaded"/> does it at a moment of your choice and explains a failure.
/// </summary>
/// <remarks>
/// The environment variable <c>INR_LIBTORCH</c> names the <c>lib</c> folder of an existing libtorch or PyTorch (CPU or CUDA) of
/// the version that TorchSharp is built for; it then wins over the libraries of the app.
/// </remarks>
public static class TorchRuntime
{
    private static readonly object Gate = new();
    private static readonly List<string> Problems = [];
    private static NativeLoad? _load;
    private static TorchRuntimeException? _failure;
    private static bool _ready;

    /// <summary>Whether TorchSharp can be used; loads it on the first call and never throws.</summary>
    public static bool IsAvailable
    {
        get
        {
            try
            {
                EnsureLoaded();
                return true;
            }
            catch (TorchRuntimeException)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Threads that one tensor operation may use, in the whole process; libtorch starts with one per core. One thread
    /// makes results repeat bit by bit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    /// <exception cref="TorchRuntimeException">TorchSharp cannot be loaded.</exception>
    public static int Threads
    {
        get
        {
            EnsureLoaded();
            return get_num_threads();
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            EnsureLoaded();
            set_num_threads(value);
        }
    }

    /// <summary>What the loader did, or null where the usual probing sufficed or nothing was loaded yet.</summary>
    internal static NativeLoad? Loaded => Volatile.Read(ref _load);

    /// <summary>What the loader tried in vain before it succeeded.</summary>
    internal static IReadOnlyList<string> LoaderProblems
    {
        get
        {
            lock (Gate)
                return [.. Problems];
        }
    }

    // The type alone: touching any static member of torch would start its own loading.
    internal static Assembly TorchSharpAssembly => typeof(torch).Assembly;

    /// <summary>The folder that the user chose, or null.</summary>
    internal static string? ChosenFolder =>
        Environment.GetEnvironmentVariable(NativeLoader.FolderVariable) is { Length: > 0 } folder ? folder : null;

    /// <summary>Loads libtorch and TorchSharp's native library once; later calls return at once. Thread-safe.</summary>
    /// <exception cref="TorchRuntimeException">They cannot be loaded; the message names the cause and the fix.</exception>
    public static void EnsureLoaded()
    {
        if (Volatile.Read(ref _ready))
            return;
        lock (Gate)
        {
            ThrowIfFailed();

            // The usual probing comes first; where it fails, it ends in OnResolving, unless a host swallows that event.
            if (_load is null && !NativeLibrary.TryLoad(NativeLoader.Shim, TorchSharpAssembly, null, out _))
            {
                LoadOnce();
                ThrowIfFailed();
            }

            NativeLog.Quieten();
            Volatile.Write(ref _ready, true);
        }
    }

    /// <summary>
    /// Lets the process keep the memory that tensors free, for the next ones: on Linux with glibc, fits and trainings with large
    /// temporaries run faster. The price is that memory once used is not given back to the system while
    /// the process lives, so it is your choice; the <c>inr</c> command makes it where it trains.
    /// </summary>
    /// <returns>Whether the policy was set: false on other systems, where allocation is left as it is.</returns>
    public static bool KeepFreedMemory() => NativeHeap.Keep();

    /// <summary>Describes the runtime for a diagnosis; loads it on the first call and never throws for a failed load.</summary>
    public static RuntimeReport Describe() => RuntimeInspector.Inspect();

    /// <summary>Runs before anything else of this assembly, so before any code of Inr can reach TorchSharp.</summary>
#pragma warning disable CA2255 // A library initializer is the point: users of the package must not need to call anything first.
    [ModuleInitializer]
    internal static void Initialize()
#pragma warning restore CA2255
    {
        OpenMpWait.Sleep();
        AssemblyLoadContext context = AssemblyLoadContext.GetLoadContext(TorchSharpAssembly) ?? AssemblyLoadContext.Default;
        context.ResolvingUnmanagedDll += OnResolving;

        // The chosen folder can only win over the app's own libraries when it is there first.
        if (ChosenFolder is not null)
            LoadOnce();
    }

    private static nint OnResolving(Assembly assembly, string name)
    {
        if (name != NativeLoader.Shim)
            return 0;
        LoadOnce();

        // Who touched TorchSharp without EnsureLoaded then finds the cause in the trace of TorchSharp's own exception.
        ThrowIfFailed();
        return _load!.Handle;
    }

    private static void LoadOnce()
    {
        lock (Gate)
        {
            if (_load is not null || _failure is not null)
                return;
            try
            {
                _load = NativeLoader.Load(TorchSharpAssembly, ChosenFolder, Problems);
                NativeLog.Quieten();
            }
            catch (TorchRuntimeException e)
            {
                _failure = e;
            }
        }
    }

    private static void ThrowIfFailed()
    {
        // A new exception each time: one object thrown on several threads would mix their stack traces.
        if (_failure is { } failure)
            throw new TorchRuntimeException(failure.Message, failure.InnerException);
    }
}
