"""Images found in folders and archives by the names that annotation files give them."""

import tarfile

import pytest

from dark_core.files.image_source import ImageError, ImageSource


@pytest.fixture
def folder(tmp_path):
    """Files whose bytes are their own paths."""
    root = tmp_path / "images"
    for name in ("a.jpg", "B.JPG", "train/c.jpg", "val/c.jpg", "train/deep/d.jpg", "caf\u00e9.png", "o 1.jpg"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
    return root


def packed(folder, path, mode="w", inside=".") -> ImageSource:
    """The folder as `tar -C folder -cf path .` packs it, or below the folder ``inside``."""
    with tarfile.open(path, mode) as archive:
        archive.add(folder, arcname=inside)
    return ImageSource(path)


@pytest.mark.parametrize(
    "name, file",
    [
        ("a.jpg", "a.jpg"),
        ("./a.jpg", "a.jpg"),
        ("b.jpg", "B.JPG"),
        ("train/c.jpg", "train/c.jpg"),
        (r"train\c.jpg", "train/c.jpg"),
        (r"C:\data\val\c.jpg", "val/c.jpg"),
        ("/home/someone/set/a.jpg", "a.jpg"),
        ("https://example.org/set/a.jpg?size=large", "a.jpg"),
        ("file:///data/o%201.jpg", "o 1.jpg"),
        ("d.jpg", "train/deep/d.jpg"),
        ("deep/d.jpg", "train/deep/d.jpg"),
        ("cafe\u0301.png", "caf\u00e9.png"),
    ],
)
def test_an_image_is_found_by_the_end_of_its_path(folder, tmp_path, name, file):
    sources = (
        ImageSource(folder),
        packed(folder, tmp_path / "flat.tar"),
        packed(folder, tmp_path / "within.tar", inside="images"),
    )
    for source in sources:
        assert source.read(source.find(name)).decode() == file


@pytest.mark.parametrize(
    "file, mode",
    [("x.tar", "w"), ("x.TAR", "w"), ("x", "w"), ("x.tar.gz", "w:gz"), ("x.tgz", "w:gz"), ("x.tar.xz", "w:xz")],
)
def test_an_archive_may_be_packed_in_any_way(folder, tmp_path, file, mode):
    source = packed(folder, tmp_path / file, mode)
    for name in ("train/c.jpg", "a.jpg", "val/c.jpg", "a.jpg"):
        assert source.read(source.find(name)) == name.encode()


def test_a_link_within_an_archive_is_followed(folder, tmp_path):
    (folder / "same.jpg").hardlink_to(folder / "a.jpg")
    (folder / "link.jpg").symlink_to("a.jpg")
    source = packed(folder, tmp_path / "links.tar")
    assert {source.read(source.find(name)) for name in ("a.jpg", "same.jpg", "link.jpg")} == {b"a.jpg"}


def test_a_name_that_fits_two_images_is_refused(folder, tmp_path):
    for source in (ImageSource(folder), packed(folder, tmp_path / "x.tar")):
        with pytest.raises(ImageError, match=r"^c\.jpg can be train/c\.jpg or val/c\.jpg of .*: write the sub-folder"):
            source.find("c.jpg")


@pytest.mark.parametrize("name", ["e.jpg", "", "/", "train", "a.png", "e\0.jpg"])
def test_a_missing_image_is_named(folder, tmp_path, name):
    for source in (ImageSource(folder), packed(folder, tmp_path / "x.tar")):
        with pytest.raises(FileNotFoundError, match=r"^There is no readable image at "):
            source.find(name)


def test_what_is_no_folder_and_no_archive_is_refused(tmp_path):
    whole = tmp_path / "whole.tar"
    (tmp_path / "big.jpg").write_bytes(bytes(5000))
    packed(tmp_path / "big.jpg", whole, inside="big.jpg")
    (tmp_path / "cut.tar").write_bytes(whole.read_bytes()[:2000])
    (tmp_path / "note.tar").write_text("no archive")
    (tmp_path / "cut.tar.gz").write_bytes(packed_gz(tmp_path)[:-20])
    for name in ("note.tar", "cut.tar", "cut.tar.gz"):
        with pytest.raises(ImageError, match=rf"{name} is neither a folder nor a whole tar archive"):
            ImageSource(tmp_path / name)
    with pytest.raises(ImageError, match=r"There is no folder or tar archive of images at .*nowhere"):
        ImageSource(tmp_path / "nowhere")


def packed_gz(tmp_path) -> bytes:
    packed(tmp_path / "big.jpg", tmp_path / "big.tar.gz", "w:gz", "big.jpg")
    return (tmp_path / "big.tar.gz").read_bytes()
