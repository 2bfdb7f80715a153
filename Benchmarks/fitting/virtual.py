"""Tables of virtual devices that the tool's own `measure` does not write: curves that are steep, differ by
polarity or rectify, states, thresholds and pulse runs of many devices or few. Random numbers are Python's."""
import math
import random


def rows(header, lines):
    return "\n".join([header] + lines) + "\n"


def curves(form, devices=12, states=3, reach=1.0, points=41, conductance=1e-6, spread=0.1,
           noise=0.005, floor=1e-13):
    """Sweeps I = (1 + spread·z)·form(G, V) with the nominal state given."""
    def table(seed):
        draw = random.Random(seed)
        lines = []
        for device in range(devices):
            z = draw.gauss(0, 1)
            for state in range(states):
                g = conductance * math.exp(draw.uniform(-1, 1))
                for k in range(points):
                    v = reach * (2 * k / (points - 1) - 1)
                    i = (1 + spread * z) * form(g, v)
                    i = i * (1 + noise * draw.gauss(0, 1)) + floor * draw.gauss(0, 1)
                    lines.append(f"d{device},{state},{g:.6e},25,{v:.5f},{i:.8e}")
        return rows("device,cycle,conductance_S,temperature_C,voltage_V,current_A", lines)
    return table


def sinh(slope):
    return lambda g, v: g * math.sinh(slope * v) / slope


def asymmetric(slope, gain, other):
    return lambda g, v: (
        g * math.sinh(slope * v) / slope if v >= 0 else gain * g * math.sinh(other * v) / other)


def diode(slope, leakage):
    return lambda g, v: g * (math.expm1(slope * v) / slope + leakage * v)


def series(slope, resistance):
    """The voltage left behind a resistance, by bisection."""
    def current(g, v):
        low, high = 0.0, abs(v)
        for _ in range(80):
            u = (low + high) / 2
            if u + resistance * g * math.sinh(slope * u) / slope > abs(v):
                high = u
            else:
                low = u
        return math.copysign(g * math.sinh(slope * low) / slope, v)
    return current


def states(devices, cycles, on=1e-4, off=1e-6, spreads=((0.1, 0.05), (0.3, 0.2))):
    """Readings of both states; spreads of ln R between devices and from cycle to cycle, ON first."""
    def table(seed):
        draw = random.Random(seed)
        lines = []
        for device in range(devices):
            own = [draw.gauss(0, between) if devices > 1 else 0 for between, _ in spreads]
            for cycle in range(cycles):
                for name, g, shift, (_, within) in zip(
                        ("set", "reset"), (on, off), own, spreads):
                    value = g * math.exp(shift + draw.gauss(0, within))
                    lines.append(f"d{device},{cycle},{name},{value:.6e}")
        return rows("device,cycle,operation,conductance_S", lines)
    return table


def levels(count=400, centres=(2e-6, 1e-5, 8e-5), spread=0.15):
    """Cells of an unnamed mixture of levels, one reading each."""
    def table(seed):
        draw = random.Random(seed)
        lines = [f"d{k},{centres[k % len(centres)] * math.exp(draw.gauss(0, spread)):.6e}"
                 for k in range(count)]
        return rows("device,conductance_S", lines)
    return table


def thresholds(devices, cycles, mean=1.0, between=0.1, within=0.05):
    def table(seed):
        draw = random.Random(seed)
        lines = []
        for device in range(devices):
            own = mean + (draw.gauss(0, between) if devices > 1 else 0)
            lines += [f"d{device},{cycle},{own + draw.gauss(0, within):.5f}"
                      for cycle in range(cycles)]
        return rows("device,cycle,set_voltage_V", lines)
    return table


def runs(devices, cycles, spread=0.2, noise=0.4, steps=(0.05, 0.06)):
    """Soft bounds of 20 and 60 µS, rates that differ between devices."""
    def table(seed):
        draw = random.Random(seed)
        lines = []
        for device in range(devices):
            rates = [rate * (1 + (spread * draw.gauss(0, 1) if devices > 1 else 0))
                     for rate in steps]
            for cycle in range(cycles):
                for is_set in (True, False):
                    for pulse in range(60):
                        share = math.exp(-rates[0 if is_set else 1] * pulse)
                        g = 60 - 38 * share if is_set else 20 + 38 * share
                        lines.append(
                            f"d{device},{cycle},{pulse},{2.5 if is_set else -2.7},1e-6,"
                            f"{(g + noise * draw.gauss(0, 1)) * 1e-6:.6e}")
        return rows("device,cycle,pulse,voltage_V,width_s,conductance_S", lines)
    return table
