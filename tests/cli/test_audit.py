"""``dark-core audit``: the lattice of a file, in one sentence."""

import numpy as np
import pytest

from dark_core.cli.main import main


@pytest.fixture
def file(tmp_path):
    generator = np.random.default_rng(0)
    xy = np.round((generator.normal(300, 80, (1, 34)) + generator.normal(0, 20, (60, 34))) / 6) * 6 + 0.37
    path = tmp_path / "tracks.csv"
    header = ",".join(f"x{k},y{k}" for k in range(17))
    path.write_text(header + "\n" + "\n".join(",".join(f"{v:.3f}" for v in row) for row in xy))
    return path


def test_a_lattice_of_whole_pixels_is_told(file, capsys):
    main(["audit", str(file), "--photo-px", "6"])
    text = capsys.readouterr().out
    assert text.startswith("plain columns: 60 frames, 17 joints") and "x: step 6 photo px" in text
    assert "decoded to whole heatmap pixels" in text
    main(["audit", str(file), "--photo-px", "12"])
    assert "quarter-pixel shift" in capsys.readouterr().out


@pytest.mark.parametrize(
    "options, words", [(["--photo-px", "0"], "--photo-px"), (["--size", "0", "4"], "--size"), ([], "--size W H")]
)
def test_what_is_missing_is_told(file, options, words, capsys):
    if not options:
        file.write_text("x1,y1,x2,y2\n0.1,0.2,0.3,0.4\n")
    with pytest.raises(SystemExit) as ended:
        main(["audit", str(file), *options])
    assert ended.value.code == 2 and words in capsys.readouterr().err
