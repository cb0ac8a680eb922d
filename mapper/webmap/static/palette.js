// Colours: who gets which, how far apart they are for every kind of eye, and how each status looks without colour.
"use strict";
(function (M) {
  // Eight hues told apart with normal sight, deuteranopia, protanopia and tritanopia (after Okabe and Ito, darkened so
  // that every one keeps 3:1 against the paper).
  const FALLBACK = ["#3b3b3b", "#b5482b", "#1f77a8", "#8a6d00", "#0f7d5f", "#8c4f9f", "#4f7cc4", "#a3577a"];
  const THEMES = {
    light: { paper: "#f5f0e6", far: "#e6e0d3", sea: "#cbd7db", ink: "#241f19", line: "#94877a", province: "#d5cbbb", river: "#7fa3b3", halo: "#faf7f0", grey: "#857d73" },
    dark: { paper: "#2e2c29", far: "#232220", sea: "#171b1e", ink: "#ece6da", line: "#857b6f", province: "#3c3934", river: "#4d7587", halo: "#1c1b19", grey: "#8d867c" },
  };
  const TONES = [0.94, 0.74, 0.48]; // how much of the actor's colour: stated; presumed or implied; inferred or stale
  const PLAIN = 3; // contrast with the ground of an area that is stated, and of the line around every other
  const FADES = [0.4, 0.6, 0.8, 1]; // over the days in which a change may already have happened

  function rgb(hex) {
    const text = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(hex) ? hex.slice(1) : "777777";
    const full = text.length === 3 ? text.replace(/./g, "$&$&") : text;
    return [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16));
  }

  function hex(channels) {
    return "#" + channels.map((c) => Math.max(0, Math.min(255, Math.round(c))).toString(16).padStart(2, "0")).join("");
  }

  function linear(c) {
    const v = c / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }

  function encoded(v) {
    const c = Math.max(0, Math.min(1, v));
    return 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
  }

  function luminance(colour) {
    const [r, g, b] = rgb(colour).map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(a, b) {
    const [x, y] = [luminance(a), luminance(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  }

  function mix(a, b, share) {
    const [x, y] = [rgb(a), rgb(b)];
    return hex(x.map((v, i) => v + (y[i] - v) * share));
  }

  // The colour moved away from the ground, hue kept, until it has the wanted contrast.
  function against(colour, ground, wanted) {
    const toward = luminance(ground) > 0.18 ? "#000000" : "#ffffff";
    for (let share = 0; share < 1; share += 0.04) {
      const candidate = mix(colour, toward, share);
      if (contrast(candidate, ground) >= wanted) return candidate;
    }
    return toward;
  }

  // What an eye without one kind of cone sees (Viénot, Brettel and Mollon 1999; tritanopia after Brettel 1997, one plane).
  const SIGHTS = {
    normal: null,
    protanopia: [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    deuteranopia: [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
    tritanopia: [[1, 0.14461, -0.14461], [0, 0.85924, 0.14076], [0, 0.85924, 0.14076]],
  };

  function seen(colour, sight) {
    const matrix = SIGHTS[sight];
    if (!matrix) return colour;
    const v = rgb(colour).map(linear);
    return hex(matrix.map((row) => encoded(row[0] * v[0] + row[1] * v[1] + row[2] * v[2])));
  }

  // Distance in OKLab, times 100: below about 5 two areas look alike.
  function distance(a, b) {
    const [p, q] = [oklab(a), oklab(b)];
    return 100 * Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  }

  function oklab(colour) {
    const [r, g, b] = rgb(colour).map(linear);
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  }

  function apart(a, b) {
    return Math.min(...Object.keys(SIGHTS).map((sight) => distance(seen(a, sight), seen(b, sight))));
  }

  // One colour per actor: its own if it has one, moved in lightness and hue until no earlier actor's looks like it to any
  // eye; else the free fallback hue farthest from those in use. Actors come heaviest first, so the great ones keep theirs.
  function assign(actors, theme) {
    const ground = THEMES[theme].paper;
    // One identity in both themes: the dark one starts from what the light one chose.
    const own = theme === "light" ? actors.map((actor) => (/^#[0-9a-f]{6}$/i.test(actor.colour) ? actor.colour : "")) : assign(actors, "light");
    const chosen = actors.map(() => "");
    const used = [];
    const give = (i, near, enough) => {
      let pick = "";
      let most = -1;
      for (const candidates of near) {
        for (const candidate of candidates()) {
          const far = Math.min(100, ...used.map((other) => apart(candidate, other)));
          if (far > most) [pick, most] = [candidate, far];
          if (far >= enough) break;
        }
        if (most >= enough) break;
      }
      used.push(pick);
      chosen[i] = pick;
    };
    const other = () => FALLBACK.flatMap((hue) => variants(hue, ground, TURNS, SHADES));
    const light = theme === "light";
    own.forEach((colour, i) => {
      const like = () => variants(colour, ground, light ? TURNS.slice(0, 6) : TURNS.slice(0, 3), light ? SHADES.slice(0, 5) : SHADES);
      if (colour) give(i, [like, () => variants(colour, ground, TURNS, SHADES), other], light ? 6 : 5);
    });
    own.forEach((colour, i) => colour || give(i, [() => FALLBACK.flatMap((hue) => variants(hue, ground, [0], SHADES.slice(0, 4)))], 12));
    return chosen;
  }

  // A colour that stands out from the ground, then its neighbours in lightness and hue, nearest first.
  const TURNS = [0, 25, -25, 50, -50, 80, -80, 120, -120, 180]; // degrees of hue
  const SHADES = [0, 0.22, -0.22, 0.4, -0.4, -0.6, 0.6]; // towards white, towards black
  function variants(colour, ground, turns, shades) {
    const list = [];
    for (const turn of turns || TURNS) {
      for (const shade of shades || SHADES) {
        const tinted = mix(turned(colour, turn), shade < 0 ? "#000000" : "#ffffff", Math.abs(shade));
        list.push(plain(tinted, ground));
      }
    }
    return list;
  }

  // The colour moved until an area painted with it as stated keeps its contrast with the ground.
  function plain(colour, ground) {
    const toward = luminance(ground) > 0.18 ? "#000000" : "#ffffff";
    for (let share = 0; share < 1; share += 0.03) {
      const candidate = mix(colour, toward, share);
      if (contrast(mix(ground, candidate, TONES[0]), ground) >= PLAIN) return candidate;
    }
    return toward;
  }

  // The hue turned by so many degrees at the same lightness and strength, roughly.
  function turned(colour, degrees) {
    const angle = (degrees * Math.PI) / 180;
    const [r, g, b] = rgb(colour);
    const grey = (r + g + b) / 3;
    const [u, v] = [(2 * r - g - b) / 3, (g - b) / Math.sqrt(3)];
    const [x, y] = [u * Math.cos(angle) - v * Math.sin(angle), u * Math.sin(angle) + v * Math.cos(angle)];
    return hex([grey + x, grey - x / 2 + (Math.sqrt(3) / 2) * y, grey - x / 2 - (Math.sqrt(3) / 2) * y]);
  }

  // Every distinct look on the map: number 0 is bare ground. look(state, zone, fade) gives the number.
  function createLooks(states) {
    const looks = [null];
    const numbers = new Map();
    const table = new Int32Array(states.length * 8);
    states.forEach((state, s) => {
      for (let zone = 0; zone < 2; zone++) {
        for (let fade = 0; fade < 4; fade++) {
          const tone = Math.min(2, state.why.tone + zone);
          const key = [state.kind.id, state.actor, state.other, tone, fade].join();
          if (!numbers.has(key)) {
            numbers.set(key, looks.length);
            looks.push({ kind: state.kind, actor: state.actor, other: state.other, tone, fade });
          }
          table[s * 8 + zone * 4 + fade] = numbers.get(key);
        }
      }
    });
    return { looks, table };
  }

  function strength(look) {
    return TONES[look.tone] * FADES[look.fade];
  }

  M.palette = { FALLBACK, THEMES, TONES, FADES, SIGHTS, PLAIN, rgb, hex, luminance, contrast, mix, against, seen, distance, apart, assign, variants, createLooks, strength };
})((globalThis.Mapper = globalThis.Mapper || {}));
