"""Checks an export of a ledger of Autolog without Autolog, as docs/ledger-format.md says:

    python3 verify_ledger.py EXPORT.jsonl [--key KEY ...] [--checkpoint SIZE:ROOT ...]

KEY is a public key and SIZE:ROOT a checkpoint that you know from elsewhere, as from a printed certificate. Without a key
those of the file count: it then agrees with itself, whoever made it. Needs the package "cryptography". 0 is: nothing wrong."""
import argparse, base64, functools, hashlib, json, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

arguments = argparse.ArgumentParser()
arguments.add_argument("export")
for option in ("--key", "--checkpoint"): arguments.add_argument(option, action="append", default=[])
given = arguments.parse_args()
wrong, file_keys, notes, adopted, signatures, streams = [], [], [], [], [], {}  # adopted: position, new key, old key
peaks, roots, ledger, covered, latest = [], [hashlib.sha256().digest()], None, 0, ""

def sha(*parts): return hashlib.sha256(b"".join(part.encode() if isinstance(part, str) else part for part in parts)).digest()
def add_leaf(leaf):  # the roots of complete subtrees, largest first, as in RFC 6962
    peaks.append((1, leaf))
    while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
        (size, right), (_, left) = peaks.pop(), peaks.pop()
        peaks.append((2 * size, sha(b"\1", left, right)))
    roots.append(functools.reduce(lambda root, peak: sha(b"\1", peak[1], root), reversed(peaks[:-1]), peaks[-1][1]))

def add_entry(line, entry):
    global ledger, latest
    ledger, place, leaf = ledger or entry["ledger"], len(roots), sha(b"\0", line)
    before = streams.setdefault(entry["stream"], [])
    if entry["ledger"] != ledger: wrong.append(f"entry {place} is of ledger {entry['ledger']}")
    if entry["position"] != place: wrong.append(f"entry {entry['position']} stands in place {place}")
    if entry["version"] != len(before) + 1: wrong.append(f"entry {place}: version {entry['version']} of its stream")
    if signed := entry["payload"].get("signed"):
        head = f"autolog-signed-v1\n{ledger}\n{entry['stream']}\n{signed['version']}\n"
        bound = before[: signed["version"]] if 0 < signed["version"] <= len(before) else [b"nothing"]
        if sha(head, *bound).hex() != signed["digest"]: wrong.append(f"entry {place}: the signature does not fit")
        signatures.append(place)
    if entry["stream"] == f"key:{ledger}":
        adopted.append((place, entry["payload"]["public_key"], entry["payload"]["replaces"]))
    corrected = entry["stream"] == f"clock:{ledger}" and entry["kind"].startswith("clock-corrected")
    if entry["recorded_at"] < latest and not corrected: wrong.append(f"entry {place}: recorded before the entry in front of it")
    latest = entry["recorded_at"]
    before.append(leaf)
    add_leaf(leaf)

def signed_by(note, key):
    name, number, public = key.split("+", 2)
    public, (text, lines) = base64.b64decode(public), note.split("\n\n", 1)
    if name != f"autolog/{ledger}" or public[0] != 1 or sha(name, "\n", public)[:4].hex() != number: return False
    signed = [base64.b64decode(line.split(" ")[2]) for line in lines.splitlines() if line.startswith(f"— {name} ")]
    try:
        for signature in (one[4:] for one in signed if one[:4].hex() == number):
            return Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature, f"{text}\n".encode()) is None
    except InvalidSignature: return False

for line in open(given.export, "rb").read().split(b"\n"):
    try:
        read = json.loads(line) if line else {"nothing": None}
        if "public_key" in read: file_keys.append(read["public_key"])
        elif "checkpoint" in read: notes.append((int(read["checkpoint"].split("\n")[1]), read["checkpoint"]))
        elif line: add_entry(line, read)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as why: wrong.append(f"not a line of an export: {line[:60]} ({why})")

def fits(size, root): return size < len(roots) and base64.b64encode(roots[size]).decode() == root
keys = set(given.key or file_keys + [new for _, new, _ in adopted])
for _ in adopted:  # a key vouches for the one before and after it: both signed the checkpoint over the entry that tells so
    for place, new, old in (change for change in adopted if change[2]):
        over = [note for size, note in notes if size == place and fits(size, note.split("\n")[2])]
        if any(signed_by(note, key) for note in over for key in keys & {new, old}): keys |= {new, old}
since, until = {new: place for place, new, old in adopted if old}, {old: place for place, _, old in adopted if old}
for size, note in sorted(notes):
    lines = note.split("\n")
    then = [key for key in keys if since.get(key, 0) <= size <= until.get(key, size)]
    if lines[0] != f"autolog/{ledger}" or lines[3] != "": wrong.append(f"checkpoint of {size}: not of this ledger")
    elif not any(signed_by(note, key) for key in then): wrong.append(f"checkpoint of {size}: not signed by a key of its time")
    elif size >= len(roots): wrong.append(f"checkpoint of {size}: there are only {len(roots) - 1} entries")
    elif not fits(size, lines[2]): wrong.append(f"rewritten between {covered} and {size}")
    else: covered = size
wrong += [f"entry {place}: no checkpoint covers the signature" for place in signatures if place > covered]
for size, root in (known.split(":") for known in given.checkpoint):
    if not fits(int(size), root): wrong.append(f"not the history of the checkpoint over {size} that you know")
if len(roots) == 1: wrong.append("there is no entry: an empty ledger proves nothing")
print(*wrong, f"{len(roots) - 1} entries, {covered} covered by checkpoints, {len(wrong)} wrong", sep="\n")
sys.exit(bool(wrong))
