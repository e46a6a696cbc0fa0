namespace Inr.Parameterizations.CompressedFourier;

/// <summary>What bits are expected to be before anything was learned: shares of ones over eight photographs of DIV2K at three steps, in 256ths.</summary>
/// <remarks>They are part of the format. A counter begins with them, and an expectation is an input of the mixing of its own.</remarks>
internal static class PriorTables
{
    private const string LevelText =
        "EgkpVmNflt4SBBE2WlpaWhkGH0FYRFtbGAUdWEVbW1siCChDQa6DWSIHFyZGXl5eLgwnTmmLg2kqCSZCTomJSTUMG0GZWqGmPg8wYlxig1lEEyg4Z2KJX1ETMFFcfoS4XRUrQGWSnptiGCw5VWSwfm8hMENtdmWX" +
        "cSMwQFGIk758KzRFWGh4oIg3O0lid3GVlUNFTmRojIyeT05XY26OfapgXGBrc4GZt3Rtb3F6fZTChX15gXt+mcqSiISJiYuSz6OamZaZnKHYsq6rqaalqt28uLaxsbGt4sfDvb66tbbkzc3LycbJxerU1tLT1c/N" +
        "69/c29ra2tXu4ebj4NXc2fLo5uXq5uHg8unn7Obp8OXz8+zz7ezt6f/46PXt+/jr9vT89fnu8ez/9/L78f/1+P//9f//6v/x/v7+/v7+/vsZCB5WHllZWRQLaYNDWlpaBi1bW1tbW1smB0JFW1tbW1gJHThDRVxc" +
        "QQklWkZeXl5GCwxfX19fX3kMIClbiYltaw8fTmExYmKOEhtXOExlZXwSLC8/TmhoexUpOl2nc1CJHCRRcWQ3boccKC49eFZzhR4sQjOhZlqOJDAzXow1fI4tNjw0WZXPkzk6PjaTQmacRUVEX1tcpKNXT1FaaW6j" +
        "rWVfXlduiXC7dXR0X31xhcaMfHtqiXmDxpuTiXx+fKPbq6SfnI6Mmdm6q6iepqKo48bFtbyopqrdzb65yKmmwODX0dfQ0tfA8t7R19LS38jv3+Db8+/p2+vi59rm6vbS9O3r8uTg3Of19fT06v3z6vHw/f3i/e76" +
        "7Or86Pzn++/85fz8/Pz87fv8/Pz8/Nz/+vr6+vr6+v739/f39/f3908IIB1DWVlZLxo2WlpaWlo7CjZbW1tbWxcuW1tbW1tbYA0mRVxcXFxfJC9eXl5eXnokX19fX19fcA4gGmFhYWFpFhdiYmJiYmEoTGVlZWVl" +
        "fRQtI2hoaGh/IzBQa2tra8ALGzdiUm5unBQVJlZzc3OUHCQmWnd3d8sbGjdKfHx8nh80SYlkTYCtLi46VG5miK02LTU+q2uOu09DVFOHn3XCWk1LVj1cmsd0XFWCXlux0oBmfmiGYm7Nk4aMa4GfeNedmICCkYyC" +
        "3qCxoKrFtJHfuabfrKSumea8wLerv6yl6sfQvsq1ycbjw8/OuJ/12uTFzbP4+NG84M6M1aruu/f73cfk+eH4uPK/76/q6urq9szB8vLy8vrD9PT09PT0+/Hx8fHx8fHx9PT09PT09PT29vb29vb29vf39/f39/f3";

    private const string CountText =
        "0d/18vPd3oGAgICAgICAgICAgICAgICAgIDV5vb09unn0cZugICAgICAgICAgICAgICAgNDq9/f56fLf3MW4W4CAgICAgICAgICAgICA4vD4/Pr09+Hq3NbHl2CAgICAgICAgICAgICAgICAgICAgICAgICAgICA" +
        "gICAgICAgICAgNrn9fj07e/LyHOAgICAgICAgICAgICAgICA3Or49vrs8+DfxLhzgICAgICAgICAgICAgIDj7vv3+vb36+zX377AdICAgICAgICAgICAgOPz+f3+7/r28u7m2tuzuFqAgICAgICAgICA4/D0+/z9" +
        "/er68fry4d7lvZ1QgICAgICAgIDd6vj4+uvz5ePJtlqAgICAgICAgICAgICAgOfs+vv48/jo7eHhtLp2gICAgICAgICAgICA5PL7+fz3+/L16+/c2rKjbYCAgICAgICAgIDj8vj9+/f8+vX09fDtyN3FsFmAgICA" +
        "gICAgL3U6/v95fP18vT28fbq7u3l57dkgICAgICA5+/4+v30+eLw4t7NnFCAgICAgICAgICAgIDp9fX8/PX39PXs59vjta5ZgICAgICAgICAgO/u9/n39fv2+vn07Ovk27W6VICAgICAgICA1uH27/r3+vr0+fz3" +
        "8ejc0LWae2+AgICAgIDJ2+Pg9uH09Pn59Pn5+fn089TZx7pFgICAgICAgICAgICAgICAgICAgICAgICAgICAgICA7/D1/vv3/OP58e7y5tnOr50egICAgICAgIDn9P369vj6+PP3+vL39vP27czEOYCAgICAgNDg" +
        "4ePm8ffw9vb29vb29vDp2t2mgDWAgICA0czUqsmf2sjl0uLi4uLiz+DL3ZeQa2CAgIBTeb6AxDtnFoCAgICAgICAgICAgICAgICAgGONwa7Jl3dbXxqAgICAgICAgICAgICAgICAZJbMzuudw6llVXYggICAgICA" +
        "gICAgICAgIB4pNbg58/olsC8W6sYTYCAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAYYnAzKiRqjYnOoCAgICAgICAgICAgICAgIBvmcu82aO/h2M/J02AgICAgICAgICAgICAgIWl1dHkyL6w" +
        "uHqFO0BNgICAgICAgICAgICAk7fa5O/E6NOsvLmit2+kHoCAgICAgICAgICQptfg9+Hy0ujqyr2cm7i7ryuAgICAgICAgF6ZyNXioruekkQ3K4CAgICAgICAgICAgICAf6rS38vN25KjhXs0ZE2AgICAgICAgICA" +
        "gICLqN7O6M3lx7KipoKXXHCAgICAgICAgICAgJuv6Nrm2dnQz7fKl5eVi5DAQICAgICAgICAe6Pj8fHQ4vHrw+Ta6MrMw8ibjTeAgICAgIBqocjW5t7tiZnHfGNNQICAgICAgICAgICAgIez2+bny+DUxpu1ZslO" +
        "W2CAgICAgICAgICAk7Xb4NHe67XD08uppYCNgE2AgICAgICAgIChr+DX9N/n0+HIxdmxiMBkgGCAgICAgICAgK2Y4ev28Pbp7+Dl09/mxbrI5cCLcE2AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICameXc" +
        "7uXsmrHmu6ibc2tggICAgICAgICAgJma3uz33tTt3OHy1dCMgJDAa6BggICAgICAsKPI6czv7+/v5Nfgw8iul5DAa6BggICAgICccnrLxsDV1dXVudCQlbOzs4CgYICAgICAgB9HqmC9RnUggICAgICAgICAgICA" +
        "gICAgICAKVmfk8aJV3QoYICAgICAgICAgICAgICAgIAsaLLB22eUgE6NN4CAgICAgICAgICAgICAgEJ6v8vaxuB8srpbriOAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAlVp65h32VOCuA" +
        "gICAgICAgICAgICAgICAgDRfwavAc51wZ2BAgICAgICAgICAgICAgICASXnAt86up6eYWW9QoGCAgICAgICAgICAgIBRj8vU5aXMx6vCeIjAZE2AgICAgICAgICAgGJ5vtTr4/a3zuWWkY2ATYCAgICAgICAgICA" +
        "J1+uuMRxgoCPOmCAgICAgICAgICAgICAgIBDbau4uqvHZI94K4CAgICAgICAgICAgICAgFRy0rbpssudlIWJZE2AgICAgICAgICAgICAWozSxubPu8C3ra2UuTCAgICAgICAgICAgIBTgNns68C7w7i73a+AlYBg" +
        "gICAgICAgICAgC5wwMListlTgJdQYICAgICAgICAgICAgICASnu+4d6FuMKAwGBroGCAgICAgICAgICAgIBQatfhqNjKtLzAy5dwgGCAgICAgICAgICAgFqa18Dlw9G8wLVagKBggICAgICAgICAgICAcL/iyfPz" +
        "tdfTwLPLl5CVgGCAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgFdgwOXZ4uCAl9BwgKCgYICAgICAgICAgICATozb79fg3uuywOC1c5VNgICAgICAgICAgIBiidro2NXSp9rA1YCVs7NNgICAgICA" +
        "gICAgDZTyYCzs7Ozs7OAoGCAgICAgICAgICAgICA";

    private const string TreeText =
        "gICAgICAgICAgICAPkBALzEvgICASEZUNz0/gICAPkw3O0Y7gICAgICAgICAgFE/gEk7gEFAqp+Wnot7in92xbypsKaToJ+Mzcu2yrqstrKkjpmAVZGAZnSAgFtZgEtDgFRL0cW1w6afvqaS59vM3cqyzr6l8OHk" +
        "48rK0Maw3s6AxpeAzJGAgH1xgGBMgFU53t7Tz7621q+p9O3h5NfJ2sem+vXi7drH5OrP89eA5K+A4KCAgICAgICAgICA5cjM2IGkgICA8PPr7b+egICA/fro77TAgICA/fSA+5qAgICAgICAgICAgICAgICAgICA" +
        "gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICA" +
        "gICAgICAgICAgICAgICAgICAiIWQgICVkZV3gJCXmIiAgKqUUYCAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICA" +
        "gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIBXVVxYXWB4i7WAgICAY19pX2NtbZGPgICAgHlvb2t4foVnuYCAgIBCQ0tCaYaw0YCAgICAgICA" +
        "gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAAX0FdoYFgKFjnTgFgICAbINeWnuETWYFgICAgICAgJeSYY1EY2JwvHVfp0+EU2YFgICAgICAgICAgICAgICAgGmmZ3YWWriAgLyEeBECLIqAgICAgICAgICA" +
        "gICAgICAgICA";

    private static readonly byte[] LevelShares = Convert.FromBase64String(LevelText);
    private static readonly byte[] CountShares = Convert.FromBase64String(CountText);
    private static readonly byte[] TreeShares = Convert.FromBase64String(TreeText);

    /// <summary>That a level is larger than b, given that it is not smaller, by kind of channel, class of the expected level and b.</summary>
    public static int Level(int index) => LevelShares[index] << 8;

    /// <summary>That the class of a count goes on, by the first context.</summary>
    public static int Count(int context) => CountShares[context] << 8;

    /// <summary>The bits of tree, mode and links, by the first context.</summary>
    public static int Tree(int context) => TreeShares[context] << 8;
}
