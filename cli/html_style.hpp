#pragma once
// How the page of `--report` looks: light and dark, from the width of a phone on.

#include <string_view>

namespace rondo::cli {

inline constexpr std::string_view kHtmlStyle = R"(
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1c2430; --soft: #5c6878; --line: #e2e6ec;
  --ok: #2f9e6e; --bad: #cf3f4f; --accent: #3b6fd4;
  --queued: #a9b2bf; --dns: #18a5a0; --connect: #e58f2a; --tls: #a45fd0; --send: #5b79e6;
  --wait: #58b368; --receive: #3493d8; --between: #d9dee6; }
@media (prefers-color-scheme: dark) { :root {
  --page: #11151b; --card: #1a2029; --text: #e4e9f0; --soft: #97a3b4; --line: #2b3441;
  --ok: #4cc38f; --bad: #f0707d; --accent: #7aa5f5;
  --queued: #6c7788; --dns: #3cc4bd; --connect: #f0a850; --tls: #bf8ae6; --send: #8aa0f5;
  --wait: #72c982; --receive: #5fb0ec; --between: #333e4d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 70rem; background: var(--page);
  color: var(--text); font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 0 0 .8rem; font-size: 1.05rem; }
p { margin: .2rem 0; }
.soft { color: var(--soft); }
.early { color: var(--bad); font-weight: 600; }
.ok { color: var(--ok); }
.bad { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(5, 1fr); gap: .7rem;
  margin: 1.2rem 0 0; }
.figures div, section { background: var(--card); border: 1px solid var(--line);
  border-radius: .6rem; }
.figures div { padding: .6rem .8rem; }
.figures dt { color: var(--soft); font-size: .8rem; }
.figures dd { margin: 0; font-size: 1.25rem; font-weight: 600; white-space: nowrap; }
section { margin-top: 1rem; padding: 1rem; overflow: hidden; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
  gap: 0 1rem; align-items: start; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 14px; }
.grid { stroke: var(--line); }
.mark { stroke: var(--text); stroke-dasharray: 3 3; opacity: .55; }
.bar { fill: var(--accent); }
.done { fill: var(--ok); }
.failed { fill: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { color: var(--soft); font-size: .8rem; font-weight: 500; text-align: left; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
tr:last-child td { border-bottom: 0; }
th.n, td.n { text-align: right; white-space: nowrap; }
td.name, .url { overflow-wrap: anywhere; }
.share { min-width: 4rem; width: 30%; }
.share i { display: block; height: .6rem; margin-top: .35rem; border-radius: .2rem;
  background: var(--accent); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin-bottom: .8rem;
  color: var(--soft); font-size: .8rem; }
.legend i { display: inline-block; width: .7rem; height: .7rem; margin-right: .35rem;
  border-radius: .15rem; }
.fall { display: grid; grid-template-columns: minmax(0, 5fr) 6.5rem minmax(0, 6fr) 5rem;
  gap: 0 .8rem; align-items: center; padding: .3rem 0; border-bottom: 1px solid var(--line); }
.fall:last-child { border-bottom: 0; }
.fall .url { font-size: .85rem; max-height: 2.9em; overflow: hidden; }
.fall .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.track { position: relative; height: .9rem; border-radius: .2rem; background: var(--page); }
.track i { position: absolute; top: 0; bottom: 0; min-width: 1px; }
.queued { background: var(--queued); } .dns { background: var(--dns); }
.connect { background: var(--connect); } .tls { background: var(--tls); }
.send { background: var(--send); } .wait { background: var(--wait); }
.receive { background: var(--receive); } .between { background: var(--between); }
@media (max-width: 40rem) {
  body { padding: 1rem .6rem 2rem; }
  section { padding: .8rem; }
  svg text { font-size: 19px; }
  .figures { grid-template-columns: repeat(2, 1fr); }
  .figures dd { font-size: 1.05rem; }
  .fall { grid-template-columns: minmax(0, 1fr) auto auto; }
  .fall .url { grid-column: 1 / -1; }
  .fall .track { grid-column: 1; grid-row: 2; } }
)";

}  // namespace rondo::cli
