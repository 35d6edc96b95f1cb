"""wrk: the client of `bench http`, one run at a time, its figures as numbers."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

# Lua's JSON is written by hand; wrk tells latencies in microseconds.
_DONE = """
done = function(summary, latency, requests)
  local failed = summary.errors
  io.write("\\nFIGURES " .. string.format(
    '{"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "errors": %d, "refused": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, failed.connect + failed.read + failed.write + failed.timeout,
    failed.status) .. "\\n")
end
"""
# A report of its own each time: another key, another place within some hundred metres.
_POST = """
local sent, begin = 0, BEGIN
request = function()
  sent = sent + 1
  local key = string.format("%s-%06d", begin, sent)
  wrk.headers["Idempotency-Key"] = key
  local lon, lat = LON + (sent % 97) * 1e-5, LAT + (sent % 89) * 1e-5
  return wrk.format("POST", nil, nil, string.format(BODY, lon, lat, sent))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """结果: of one run; `errors` are broken connections, `refused` answers of 400 and more."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: int
    refused: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True, slots=True)
class Report:
    """上报样本: what is posted; `body` is a Lua format of longitude, latitude and number."""

    lon: float
    lat: float
    body: str
    begin: str


def installed() -> bool:
    """是否可用: wrk is on the path."""
    return shutil.which("wrk") is not None


def must_be_installed() -> None:
    """须已安装. Refused `wrk_missing` says how."""
    if not installed():
        message = _("未安装 wrk，无法测量：Debian 上可用 apt install wrk 安装。")
        raise Refused("wrk_missing", message)


def run(
    url: str,
    headers: Mapping[str, str],
    *,
    connections: int,
    seconds: int,
    report: Report | None = None,
) -> Load:
    """一轮: GET `url` (or POST reports to it) by so many connections; raises RuntimeError."""
    with tempfile.TemporaryDirectory(prefix="changxiao-wrk-") as folder:
        script = Path(folder) / "script.lua"
        script.write_text(_script(report), encoding="utf-8")
        named = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        sized = ["-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s"]
        command = ["wrk", *sized, "-s", str(script), *named, url]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
    line = next((row for row in told.stdout.splitlines() if row.startswith("FIGURES ")), "")
    if not line:
        raise RuntimeError(told.stderr or told.stdout)
    figures: dict[str, Any] = json.loads(line.removeprefix("FIGURES "))
    return Load(**figures)


def _script(report: Report | None) -> str:
    if report is None:
        return _DONE
    filled = _POST.replace("BEGIN", json.dumps(report.begin)).replace("LON", f"{report.lon:.6f}")
    filled = filled.replace("LAT", f"{report.lat:.6f}")
    return filled.replace("BODY", f"[==[{report.body}]==]") + _DONE
