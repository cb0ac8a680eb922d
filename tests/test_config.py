from __future__ import annotations

from pathlib import Path

import pytest

from mapper.config import ConfigError, default_config, read_config


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mapper.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_project_overrides_an_actor_and_keeps_the_others(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, '[[actors]]\nid = "is"\nname = "Daesh"\ncolour = "#112233"\n'))
    actors = {a.id: a for a in config.actors}
    assert (actors["is"].name, actors["is"].colour) == ("Daesh", "#112233")
    assert set(actors) == {a.id for a in default_config().actors}


def test_sections_are_read_and_paths_start_at_the_file(tmp_path: Path) -> None:
    config = read_config(
        write(
            tmp_path,
            'title = "T"\ngazetteers = ["own.csv"]\n[theatre]\ncountries = ["IQ"]\n[reach]\nsolid_km = 10\n[fold]\nstale_days = 90\n',
        )
    )
    assert config.theatre.countries == ("IQ",)
    assert config.reach.solid_km == 10
    assert config.fold.stale_days == 90
    assert config.gazetteers == (tmp_path / "own.csv",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("titel = 'x'", "unknown key 'titel'"),
        ("[reach]\nsolid = 3", "unknown key 'solid'"),
        ("[fold]\nstale_days = 'ten'", "must be a number"),
        ("[[actors]]\nname = 'x'", "needs an id"),
        ("[[actors]]\nid = 'x'\ncolor = '#fff'", "unknown key 'color'"),
        ("title = ", "not valid TOML"),
        ("reach = 3", "expected a table"),
    ],
)
def test_what_is_wrong_is_named_with_the_file(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=r"mapper\.toml") as error:
        read_config(write(tmp_path, text))
    assert says in str(error.value)
