using System.Globalization;
using Inr.Meta;
using Inr.Scenes;

namespace Inr.Tests.Scenes;

/// <summary>Files of poses as instant-ngp, nerfstudio and others write them: nothing that they say of a camera is dropped.</summary>
public sealed class TransformsTests
{
    [Theory]
    // Focal lengths: of one axis, of both, as angles, per frame; pictures of 16×8 pixels.
    [InlineData(""" "camera_angle_x": 1 """, "", 14.643902, 14.643902, 8, 4)]
    [InlineData(""" "camera_angle_y": 1 """, "", 7.321951, 7.321951, 8, 4)]
    [InlineData(""" "camera_angle_x": 1, "camera_angle_y": 1 """, "", 14.643902, 7.321951, 8, 4)]
    [InlineData(""" "x_fov": 90 """, "", 8, 8, 8, 4)]
    [InlineData(""" "fl_x": 20 """, "", 20, 20, 8, 4)]
    [InlineData(""" "fl_x": 20, "fl_y": 10, "cx": 9, "cy": 3 """, "", 20, 10, 9, 3)]
    [InlineData(""" "fl_x": 20, "camera_angle_x": 3 """, "", 20, 20, 8, 4)]
    [InlineData(""" "fl_x": 20, "fl_y": 10, "cx": 9 """, """ "fl_x": 21, "cx": 7, "cy": 5 """, 21, 10, 7, 5)]
    [InlineData("", """ "fl_y": 6 """, 6, 6, 8, 4)]
    // The file speaks of larger pictures than there are.
    [InlineData(""" "w": 64, "h": 32, "fl_x": 80, "fl_y": 60, "cx": 36, "cy": 10 """, "", 20, 15, 9, 2.5)]
    [InlineData(""" "w": 64.0, "fl_x": 80, "cy": 10 """, "", 20, 20, 8, 2.5)]
    [InlineData(""" "h": 4, "camera_angle_x": 1, "cx": 3 """, "", 14.643902, 14.643902, 6, 4)]
    [InlineData(""" "w": 64, "h": 32, "fl_x": 80 """, """ "w": 32, "h": 16, "fl_x": 30 """, 15, 15, 8, 4)]
    public void Read_OfIntrinsics_IsTrueToThePixels(string head, string frame, double focalX, double focalY, double centerX, double centerY)
    {
        using var file = PoseFile.Of(head, frame, 16, 8);
        using var scene = file.Load();
        var camera = scene.Cameras[0].Intrinsics;
        camera.Size.Should().Be(new ImageSize(8, 16));
        camera.FocalX.Should().BeApproximately(focalX, 1e-5);
        camera.FocalY.Should().BeApproximately(focalY, 1e-5);
        camera.CenterX.Should().BeApproximately(centerX, 1e-12);
        camera.CenterY.Should().BeApproximately(centerY, 1e-12);
        scene.Views.Focals.data<float>().ToArray().Should().Equal((float)camera.FocalX, (float)camera.FocalY);
        scene.Views.Centers.data<float>().ToArray().Should().Equal((float)camera.CenterX, (float)camera.CenterY);
        // Smaller pictures: the same directions at the same places.
        using var small = file.Load(new() { Size = ImageSize.Square(8) });
        small.Views.Images.shape.Should().Equal(1, 1, 4, 8, 3);
        small.Cameras[0].Intrinsics.FocalX.Should().BeApproximately(focalX / 2, 1e-5);
        small.Cameras[0].Intrinsics.CenterY.Should().BeApproximately(centerY / 2, 1e-12);
        SceneCamera.Read(file.Folder)[0].Fitting(new ImageSize(8, 16)).Intrinsics.CenterX.Should().BeApproximately(centerX, 1e-12);
    }

    [Fact]
    public void Read_OfSquashedPicture_HasAFocalLengthForEachAxis()
    {
        using var file = PoseFile.Of(""" "fl_x": 20, "cx": 9, "cy": 3 """, "", 16, 8);
        using var scene = NerfScene.LoadFile(file.Folder, Path.Combine(file.Folder, "transforms_train.json"), 4, null);
        scene.Views.Images.shape.Should().Equal(1, 1, 4, 4, 3);
        scene.Views.Focals.data<float>().ToArray().Should().Equal(5, 10);
        scene.Views.Centers.data<float>().ToArray().Should().Equal(2.25f, 1.5f);
    }

    [Fact]
    public void Read_OfDistortion_GoesToTheLens()
    {
        using var file = PoseFile.Of(""" "fl_x": 20, "camera_model": "OPENCV", "k1": 0.1, "k2": 0.02, "k3": 0.003, "k4": 0.0004, "p1": 0.01, "p2": -0.01 """);
        Lens(file).Should().Be(new LensDistortion { K1 = 0.1, K2 = 0.02, K3 = 0.003, K4 = 0.0004, P1 = 0.01, P2 = -0.01 });
        using var list = PoseFile.Of(""" "fl_x": 20, "distortion_params": [0.1, 0.02, 0.003, 0.0004, 0.01, -0.01] """);
        Lens(list).Should().Be(Lens(file));
        using var own = PoseFile.Of(""" "fl_x": 20, "k1": 0.1, "k2": 0.02 """, """ "k1": 0.05 """);
        Lens(own).Should().Be(new LensDistortion { K1 = 0.05 }, "the numbers of a lens belong together");
        using var zero = PoseFile.Of(""" "fl_x": 20, "camera_model": "SIMPLE_PINHOLE", "k1": 0.0, "k5": 0, "is_fisheye": false """);
        Lens(zero).IsNone.Should().BeTrue();
        foreach (string fisheye in (string[])[""" "camera_model": "OPENCV_FISHEYE" """, """ "is_fisheye": true """])
        {
            using var wide = PoseFile.Of($""" "fl_x": 20, "k1": 0.1, {fisheye} """);
            Lens(wide).Should().Be(new LensDistortion { K1 = 0.1, IsFisheye = true });
        }
    }

    [Theory]
    [InlineData(""" "camera_model": "EQUIRECTANGULAR" """, "EQUIRECTANGULAR*OPENCV_FISHEYE")]
    [InlineData(""" "camera_model": 4 """, "camera_model")]
    [InlineData(""" "k5": 0.1 """, "k5")]
    [InlineData(""" "s1": 0.1 """, "s1")]
    [InlineData(""" "ftheta_p0": 0.1 """, "ftheta_p0")]
    [InlineData(""" "latlong": true """, "latlong")]
    [InlineData(""" "camera_model": "OPENCV_FISHEYE", "p1": 0.1 """, "p1")]
    [InlineData(""" "k1": -9 """, "folds over")]
    [InlineData(""" "k1": "0.1" """, "k1*'0.1'")]
    [InlineData(""" "fl_y": 0 """, "fl_y is 0")]
    [InlineData(""" "fl_y": -20 """, "fl_y is -20")]
    [InlineData(""" "w": 16, "h": 16 """, "16×8*16×16*aspect")]
    [InlineData(""" "w": 0 """, "w is 0")]
    [InlineData(""" "cx": 1e999 """, "cx")]
    [InlineData(""" "cx": NaN """, "cx*'NaN'")]
    [InlineData(""" "aabb_scale": 0 """, "aabb_scale is 0")]
    [InlineData(""" "offset": [1, 2] """, "offset")]
    [InlineData(""" "near": 3, "far": 2 """, "near is 3*far 2")]
    public void Read_OfWhatIsNotSupported_RefusesByName(string head, string message)
    {
        using var file = PoseFile.Of(""" "fl_x": 20, """ + head, "", 16, 8);
        ((Action)(() => file.Load().Dispose())).Should().Throw<SignalLoadException>().WithMessage($"*transforms_train.json*{message}*");
    }

    [Theory]
    [InlineData("[[1,0,0,0],[0,1,0,0],[0,0,1,NaN]]", "transform_matrix*'NaN'")]
    [InlineData("[[1,0,0,0],[0,1,0,0],[0,0,1,-Infinity]]", "transform_matrix*'-Infinity'")]
    [InlineData("[[1,0,0,0],[0,1,0,0],[0,0,1,1e999]]", "transform_matrix")]
    [InlineData("[[1,0,0,1e30],[0,1,0,0],[0,0,1,4]]", "further than")]
    [InlineData("[[1,0,0,0],[0,1,0,0]]", "3 or 4 rows")]
    [InlineData("[[1,0,0],[0,1,0],[0,0,1]]", "3 or 4 rows of 4")]
    [InlineData("[[1,0,0,\"4\"],[0,1,0,0],[0,0,1,4]]", "'4'")]
    [InlineData("[[2,0,0,0],[0,2,0,0],[0,0,2,4]]", "length 2")]
    [InlineData("[[0,0,0,0],[0,0,0,0],[0,0,0,0]]", "length 0")]
    [InlineData("[[1,0,0.1,0],[0,1,0,0],[0,0,0.995,4]]", "right angles")]
    [InlineData("[[1,0,0,0],[0,1,0,0],[0,0,-1,4]]", "left-handed")]
    [InlineData("[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,4,1]]", "last row")]
    [InlineData("null", "no transform_matrix")]
    [InlineData("{}", "transform_matrix")]
    public void Read_OfBadPose_NamesTheFrame(string matrix, string message)
    {
        using var file = PoseFile.Of(""" "fl_x": 20 """);
        file.WriteText("transforms_train.json", $$"""{ "fl_x": 20, "frames": [ { "file_path": "grey", "transform_matrix": [[1,0,0,0],[0,1,0,0],[0,0,1,4]] }, { "file_path": "images/two.v1", "transform_matrix": {{matrix}} } ] }""");
        ((Action)(() => file.Load().Dispose())).Should().Throw<SignalLoadException>().WithMessage($"*transforms_train.json*'images/two.v1'*{message}*");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"frames\": 3}")]
    [InlineData("{\"fl_x\": 20, \"frames\": [3]}")]
    [InlineData("{\"fl_x\": 20, \"frames\": [{}]}")]
    [InlineData("{\"fl_x\": 20, \"frames\": [{\"file_path\": 3}]}")]
    [InlineData("{\"fl_x\": 20, \"frames\": [{\"file_path\": \"\\ud800\"}]}")]
    [InlineData("{\"\\ud800\": 20, \"frames\": []}")]
    [InlineData("{\"frames\": [{\"file_path\": \"grey\", \"transform_matrix\": [[1,0,0,0],[0,1,0,0],[0,0,1,4]]}]}")]
    [InlineData("NaN")]
    [InlineData("{\"a\": NaN")]
    [InlineData("{\"fl_x\": 20, \"train_filenames\": 3, \"frames\": []}")]
    [InlineData("")]
    public void Read_OfDamagedFile_SaysSo(string text)
    {
        using var file = PoseFile.Of("");
        File.Delete(Path.Combine(file.Folder, "transforms_train.json"));
        file.WriteText("transforms.json", text);
        ((Action)(() => file.Load().Dispose())).Should().Throw<SignalLoadException>().WithMessage("*transforms.json*");
        ((Action)(() => SceneCamera.Read(file.Folder))).Should().Throw<SignalLoadException>();
    }

    [Fact]
    public void Read_OfLenientJson_BearsWhatHarmsNothing()
    {
        using var file = PoseFile.Of("");
        file.WriteText("transforms_train.json", "\uFEFF" + """
            { // by hand
              "fl_x": 20, "comment": "NaN and \"Infinity\"", "score": NaN,
              "frames": [ { "file_path": "grey", "transform_matrix": [[1,0,0,0],[0,1,0,0],[0,0,1,4],], }, ],
            }
            """);
        using var scene = file.Load();
        scene.Count.Should().Be(1);
    }

    [Theory]
    [InlineData("grey", "grey.png")]
    [InlineData("./grey.png", "grey.png")]
    [InlineData("images\\\\0001.png", "images/0001.png")]
    [InlineData(".\\\\images\\\\0001", "images/0001.png")]
    [InlineData("frame.0001", "frame.0001.png")]
    [InlineData("shot.final.v2", "shot.final.v2.PNG")]
    [InlineData("0001.jpg", "0001.jpg")]
    [InlineData("plain", "plain")]
    [InlineData("a/../b/x", "b/x.jpeg")]
    public void Find_OfPictures_BearsNamesOfAllKinds(string name, string picture)
    {
        using var file = PoseFile.Of("");
        File.Delete(Path.Combine(file.Folder, "grey.png"));
        file.Picture(picture, 8, 8);
        WriteFrames(file, name);
        using var scene = file.Load();
        scene.Count.Should().Be(1);
        scene.Skipped.Should().BeEmpty();
    }

    [Theory]
    [InlineData("../outside.png", "outside the folder")]
    [InlineData("..\\\\outside.png", "outside the folder")]
    [InlineData("/etc/hostname", "outside the folder")]
    [InlineData("C:\\\\pictures\\\\x.png", "no such file")]
    [InlineData("nul\\u0000.png", "no path")]
    [InlineData("", "no path")]
    [InlineData(".", "folder")]
    [InlineData("missing.0001", "missing.0001.png")]
    public void Find_OfHostileNames_StaysInTheFolder(string name, string reason)
    {
        using var file = PoseFile.Of("");
        WriteFrames(file, "grey", name);
        using var scene = file.Load();
        scene.Names.Should().Equal("grey");
        scene.Skipped.Should().ContainSingle().Which.Reason.Should().Contain(reason);
        WriteFrames(file, name);
        ((Action)(() => file.Load().Dispose())).Should().Throw<SignalLoadException>().WithMessage("*none of its 1 pictures can be read*");
    }

    [Fact]
    public void Load_OfOneFile_PicksItsParts()
    {
        using var file = PoseFile.Of("");
        File.Delete(Path.Combine(file.Folder, "transforms_train.json"));
        foreach (int i in (int[])[0, 1, 2, 3])
            file.Picture($"images/{i}.png", 8, 8);
        WriteFrames(file, "transforms.json", "", [.. Enumerable.Range(0, 4).Select(i => $"images/{i}.png")]);
        NerfScene.IsScene(file.Folder).Should().BeTrue();
        NerfScene.HasSplit(file.Folder, "train").Should().BeTrue();
        NerfScene.HasSplit(file.Folder, "test").Should().BeFalse();
        using (var all = file.Load())
            all.Count.Should().Be(4);
        // nerfstudio's lists of parts.
        WriteFrames(file, "transforms.json", """ "train_filenames": ["./images/3.png", "images/1.png"], "test_filenames": ["images\\0.png"], """, [.. Enumerable.Range(0, 4).Select(i => $"images/{i}.png")]);
        using (var some = file.Load())
            some.Names.Should().Equal("images/1.png", "images/3.png");
        using (var test = NerfScene.Load(file.Folder, "test"))
            test.Names.Should().Equal("images/0.png");
        WriteFrames(file, "transforms.json", """ "test_filenames": ["images/0.png"], """, [.. Enumerable.Range(0, 4).Select(i => $"images/{i}.png")]);
        using (var rest = file.Load())
            rest.Names.Should().Equal(["images/1.png", "images/2.png", "images/3.png"], "what is judged on is not learnt");
    }

    [Fact]
    public void Load_OfExtras_SaysWhichAreNotUsed()
    {
        using var file = PoseFile.Of(""" "fl_x": 20, "ply_file_path": "sparse_pc.ply", "applied_transform": [[1,0,0,0],[0,1,0,0],[0,0,1,0]], "orientation_override": "none", "depth_unit_scale_factor": 1 """,
            """ "mask_path": "masks/1.png", "colmap_im_id": 3, "time": 0.5 """);
        using var scene = file.Load();
        scene.Notes.Should().Equal("the file also has 'depth_unit_scale_factor', 'mask_path', 'time', with which nothing is done.");
    }

    [Fact]
    public void Load_OfDifferentSizes_NamesThePictures()
    {
        using var file = PoseFile.Of("");
        file.Picture("wide.png", 16, 8);
        file.Picture("large.png", 16, 16);
        WriteFrames(file, "grey", "large");
        ((Action)(() => file.Load().Dispose())).Should().Throw<SignalLoadException>().WithMessage("*'grey' 8×8, 'large' 16×16*size to resize to*");
        using (var resized = file.Load(new() { Size = ImageSize.Square(4) }))
            resized.Cameras.Select(c => c.Intrinsics.FocalX).Should().Equal(10, 5);
        WriteFrames(file, "grey", "wide");
        ((Action)(() => file.Load(new() { Size = ImageSize.Square(4) }).Dispose())).Should().Throw<SignalLoadException>().WithMessage("*'grey' 4×4, 'wide' 4×2*one aspect*");
    }

    [Fact]
    public void ReadCameras_WithoutPictures_NeedsTheirSizeFromTheFile()
    {
        using var file = PoseFile.Of("");
        File.Delete(Path.Combine(file.Folder, "grey.png"));
        ((Action)(() => SceneCamera.Read(file.Folder))).Should().Throw<SignalLoadException>();
        file.WriteText("transforms_train.json", """{ "fl_x": 20, "w": 30, "h": 20, "frames": [ { "file_path": "grey", "transform_matrix": [[1,0,0,0],[0,1,0,0],[0,0,1,4]] } ] }""");
        SceneCamera.Read(file.Folder).Should().ContainSingle().Which.Intrinsics.Should().Be(new CameraIntrinsics(30, 20, 20, 20, 15, 10));
        SceneCamera.Read(Path.Combine(file.Folder, "transforms_train.json")).Should().HaveCount(1);
        ((Action)(() => SceneCamera.Read(Path.Combine(file.Folder, "none.json")))).Should().Throw<SignalLoadException>();
    }

    [Fact]
    public void Load_Lets_NoTensorLive()
    {
        using var file = PoseFile.Of(""" "fl_x": 20, "k1": 0.1 """);
        file.Load().Dispose();
        long before = Inr.Testing.LiveTensors.Count;
        using (var scene = file.Load())
        {
            using var scope = NewDisposeScope();
            scene.Views.Rays();
            CameraRays.Of(scene.Cameras[0], scene.Space);
        }

        Inr.Testing.LiveTensors.Count.Should().Be(before);
    }

    private static LensDistortion Lens(PoseFile file)
    {
        using var scene = file.Load();
        scene.Views.Lenses.Should().Equal(scene.Cameras[0].Intrinsics.Distortion);
        return scene.Views.Lenses[0];
    }

    private static void WriteFrames(PoseFile file, params string[] names) => WriteFrames(file, "transforms_train.json", "", names);

    private static void WriteFrames(PoseFile file, string json, string head, string[] names) => file.WriteText(json,
        $$"""{ {{head}} "fl_x": 20, "frames": [{{string.Join(',', names.Select((n, i) => $$"""{ "file_path": "{{n}}", "transform_matrix": [[1,0,0,{{(0.1 * i).ToString(CultureInfo.InvariantCulture)}}],[0,1,0,0],[0,0,1,4]] }"""))}}] }""");
}
