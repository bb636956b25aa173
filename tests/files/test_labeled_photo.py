"""Photos of labeled people: upright, at the size they need, and not all kept decoded."""

import io
import pickle

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from dark_core.files import labeled_photo
from dark_core.files.annotations import read_people
from dark_core.files.image_source import ImageError, ImageSource
from dark_core.files.labeled_photo import DETAIL, EXIF, SMALL, LabeledPhoto


def photo(height: int, width: int) -> np.ndarray:
    """Smooth noise, the same at each call."""
    rough = np.random.default_rng(height + width).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    return cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)


def written(path, pixels: np.ndarray, **options):
    Image.fromarray(pixels).save(path, **options)
    return LabeledPhoto.open(ImageSource(path.parent), path.name)


def exif(orientation: int) -> bytes:
    note = Image.Exif()
    note[0x0112] = orientation
    return note.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif"])
def test_a_photo_is_upright_and_points_turn_with_it(tmp_path, orientation, suffix):
    # A red mark at (50, 12) of a stored picture of 64 × 40; where it is upright is Pillow's word.
    stored = np.full((40, 64, 3), 90, np.uint8)
    stored[8:17, 46:55] = [255, 0, 0]
    path = tmp_path / f"photo.{suffix}"
    found = written(path, stored, exif=exif(orientation), **({} if suffix == "png" else {"quality": 95}))
    with Image.open(path) as image:
        upright = np.array(ImageOps.exif_transpose(image).convert("RGB"))
    assert found.size == upright.shape[1::-1] and found.stored == (64, 40)
    np.testing.assert_allclose(found.pixels().astype(int), upright, atol=12)
    red = np.argwhere((found.pixels()[..., 0] > 180) & (found.pixels()[..., 1] < 90)).mean(0)[::-1]
    np.testing.assert_allclose(found.orientation.points(np.array([50.0, 12.0]), found.stored), red, atol=0.6)


def test_a_heic_is_upright_by_its_own_boxes(tmp_path):
    """Its decoder turns it: what is stored is taken for upright, and EXIF does not turn it a second time."""
    stored = np.full((40, 64, 3), 90, np.uint8)
    stored[8:17, 46:55] = [255, 0, 0]  # around (50, 12), which a quarter turn clockwise brings to (39 − 12, 50)
    found = written(tmp_path / "photo.heic", stored, exif=exif(6), quality=95)
    assert found.size == found.stored == (40, 64)
    red = np.argwhere((found.pixels()[..., 0] > 180) & (found.pixels()[..., 1] < 90)).mean(0)[::-1]
    np.testing.assert_allclose(red, [27, 50], atol=0.6)


def test_every_orientation_keeps_pixels_and_points_together():
    stored = np.arange(6 * 4 * 3).reshape(6, 4, 3)
    for orientation in EXIF.values():
        upright = orientation.picture(stored)
        assert upright.shape[1::-1] == orientation.size((4, 6))
        for y, x in np.ndindex(6, 4):
            u, v = orientation.points(np.array([x, y]), (4, 6))
            np.testing.assert_array_equal(upright[v, u], stored[y, x])


def test_a_photo_of_up_to_a_megapixel_is_the_picture_bit_for_bit(tmp_path):
    pixels = photo(1024, 1024)
    assert pixels[..., 0].size == SMALL
    small = written(tmp_path / "small.png", pixels).to_size_needed([(10, 10, 900, 900)])
    np.testing.assert_array_equal(small.pixels(), pixels)
    np.testing.assert_array_equal(small.points(np.array([3.25, 7.5])), [3.25, 7.5])


def test_a_larger_photo_is_cut_to_its_people_and_reduced_to_what_the_smallest_needs(tmp_path):
    pixels = photo(2400, 3200)
    whole = written(tmp_path / "large.bmp", pixels)
    squares = [(1000.0, 600.0, 2024.0, 1624.0), (1200.0, 500.0, 2700.0, 2000.0)]
    fitted = whole.to_size_needed(squares)
    # Half of the 1024 px of the smaller square; 0.75 of a square is kept on each side, as far as there is photo.
    assert fitted.window == (75, 0, 3200, 2400)
    assert fitted.size == (round(3125 / 2), 1200)
    np.testing.assert_array_equal(whole.pixels(), pixels)
    here = fitted.points(np.array([[1000.0, 600.0], [2024.0, 1624.0]]))
    np.testing.assert_allclose(here[1] - here[0], 512, rtol=1e-3)
    assert DETAIL == 512
    # Smooth noise has the same color at the same spot.
    (x, y), (u, v) = (1501, 1101), fitted.points(np.array([1501.0, 1101.0])).round().astype(int)
    np.testing.assert_allclose(fitted.pixels()[v, u].astype(int), pixels[y, x], atol=3)


def test_small_people_of_a_large_photo_are_not_reduced_but_cut_out(tmp_path):
    pixels = photo(2400, 3200)
    fitted = written(tmp_path / "large.bmp", pixels).to_size_needed([(100.0, 2000.0, 300.0, 2200.0)])
    assert fitted.window == (0, 1850, 450, 2350) and fitted.size == (450, 500)
    np.testing.assert_array_equal(fitted.pixels(), pixels[1850:2350, :450])
    assert fitted.pixels().base is None, "the whole photo is not kept for a part of it"


def test_points_follow_pixel_centers_when_a_photo_is_reduced():
    # Two px of the photo to one: the first covers -0.5 to 1.5 and its center is at 0.5.
    halved = LabeledPhoto(None, "", (80, 60), EXIF[2], (10, 20, 50, 60), (20, 20))
    np.testing.assert_allclose(halved.points(np.array([[10.5, 20.5], [12.5, 22.5]])), [[0, 0], [1, 1]])


def test_people_of_a_large_photo_come_in_its_px(coco, tmp_path):
    pixels = photo(2000, 3000)
    Image.fromarray(pixels).save(tmp_path / "photos" / "large.bmp")
    joints = np.random.default_rng(0).uniform([600, 500], [2600, 1900], (14, 2))
    note = {"keypoints": np.column_stack([joints, np.full(14, 2)]).ravel().tolist()}
    files = coco(
        note, {"image_id": 2}, note, images=[{"id": n, "file_name": f} for n, f in ((1, "large.bmp"), (2, "1.png"))]
    )
    first, small, again = read_people(*files)
    (whole, _, _) = read_people(*files, whole=True)
    np.testing.assert_array_equal(whole.joints, joints)
    assert whole.photo.shape == (2000, 3000, 3) and small.photo.shape == (180, 170, 3)
    assert again.photo is first.photo and first.photo.nbytes < whole.photo.nbytes / 8
    side = first.square_box()[2] - first.square_box()[0]
    assert side == pytest.approx(DETAIL, rel=0.01)
    shrink = side / (whole.square_box()[2] - whole.square_box()[0])
    np.testing.assert_allclose(np.diff(first.joints, axis=0), shrink * np.diff(joints, axis=0), rtol=2e-3, atol=0.3)
    for here, there in zip(first.joints.round().astype(int), joints.round().astype(int)):
        assert np.abs(first.photo[here[1], here[0]].astype(int) - pixels[there[1], there[0]]).max() <= 12


@pytest.fixture
def counted(monkeypatch):
    """The names of the photos that are decoded, in order, with a fresh memory of ``room`` bytes."""

    def start(room: int) -> list[str]:
        decoded: list[str] = []
        decode = LabeledPhoto.decode
        monkeypatch.setattr(LabeledPhoto, "decode", lambda self: decoded.append(self.found) or decode(self))
        monkeypatch.setattr(labeled_photo, "KEPT", room)
        monkeypatch.setattr(labeled_photo, "_kept", labeled_photo._Kept())
        return decoded

    return start


def set_of(coco, tmp_path, count: int):
    """``count`` photos of 100 × 100 px with two people each, the second person of each after the first of all."""
    for number in range(count):
        Image.fromarray(np.full((150, 100, 3), number, np.uint8)).save(tmp_path / "photos" / f"n{number}.png")
    images = [{"id": number, "file_name": f"n{number}.png"} for number in range(count)]
    return coco(*({"image_id": number % count} for number in range(2 * count)), images=images)


def test_nothing_is_decoded_before_it_is_needed_and_nothing_twice_while_there_is_room(coco, tmp_path, counted):
    decoded = counted(2**30)
    people = read_people(*set_of(coco, tmp_path, 5))
    assert decoded == []
    assert [int(person.photo[0, 0, 0]) for person in people] == [0, 1, 2, 3, 4] * 2, "in the order of the file"
    assert decoded == [f"n{number}.png" for number in range(5)]


def test_memory_is_bounded_by_the_photos_used_last(coco, tmp_path, counted):
    decoded = counted(3 * 150 * 100 * 3)
    people = read_people(*set_of(coco, tmp_path, 5))
    assert [int(person.photo[0, 0, 0]) for person in people] == [0, 1, 2, 3, 4] * 2
    assert len(labeled_photo._kept._photos) == 3 and labeled_photo._kept._bytes == 3 * 150 * 100 * 3
    decoded.clear()
    for person in (people[4], people[3], people[2], people[9]):
        assert person.photo.size
    assert decoded == [], "the three used last are kept"
    assert people[0].photo.size
    assert decoded == ["n0.png"]


def test_a_photo_larger_than_all_room_is_read_all_the_same(coco, tmp_path, counted):
    counted(1000)
    people = read_people(*set_of(coco, tmp_path, 2))
    assert [int(person.photo[0, 0, 0]) for person in people] == [0, 1, 0, 1]
    assert len(labeled_photo._kept._photos) == 1


def test_another_process_gets_the_pixels(coco):
    files = coco({}, {})
    people = read_people(*files)
    (files[0] / "1.png").unlink()
    with pytest.raises(ImageError):
        pickle.dumps(people)
    people = read_people(*coco({"image_id": 2}, {"image_id": 2}))
    one, other = pickle.loads(pickle.dumps(people))
    np.testing.assert_array_equal(one.photo, people[0].photo)
    np.testing.assert_array_equal(one.joints, people[0].joints)
    assert one.photo is other.photo


@pytest.mark.parametrize("format", ["GIF", "AVIF", "BMP", "TIFF", "WEBP", "PPM"])
def test_a_photo_may_have_any_format(tmp_path, format):
    pixels = np.zeros((50, 40, 3), np.uint8)
    pixels[..., 2] = 255
    found = written(tmp_path / "photo", pixels, format=format)
    assert found.size == (40, 50)
    np.testing.assert_allclose(found.pixels()[25, 20].astype(int), [0, 0, 255], atol=12)


def test_what_is_no_picture_is_named(tmp_path):
    (tmp_path / "note.jpg").write_text("no picture")
    (tmp_path / "empty.jpg").write_bytes(b"")
    whole = io.BytesIO()
    Image.fromarray(photo(60, 60)).save(whole, "PNG")
    (tmp_path / "cut.png").write_bytes(whole.getvalue()[:40])
    for name in ("note.jpg", "empty.jpg", "cut.png"):
        with pytest.raises(ImageError, match=rf"^There is no readable image at .*{name}"):
            LabeledPhoto.open(ImageSource(tmp_path), name).decode()
