// A Coder of as many people as asked for, for benches: answers by address, written once.
const id = (person) => `00000000-0000-4000-8000-${String(person).padStart(12, "0")}`;
const WORDS = ["alder", "basalt", "clover", "dolomite", "elm", "fern", "granite", "hazel", "iris", "jasper", "larch", "moss", "opal", "quartz", "sage", "slate"];
// In no order, so that sorting has something to do.
const mixed = (person) => Math.imul(person + 1, 2_654_435_761) >>> 0;
const name = (person) => `${WORDS[mixed(person) % WORDS.length]}-${String(mixed(person) % 1_000_003).padStart(6, "0")}`;
const used = (person) => ({ user_id: id(person), username: name(person), avatar_url: "", template_ids: [id(1)] });

/** Gives what answers an address, as text. With `byName` the people of a range are in another order than those of the roster. */
export function deployment(people, { byName = false } = {}) {
  const all = Array.from({ length: people }, (_, person) => ({
    id: id(person), username: name(person), name: "", email: `${name(person)}@example.com`, avatar_url: "", created_at: "2024-01-02T03:04:05Z",
    last_seen_at: new Date(Date.now() - (mixed(person) % 120) * 86_400_000).toISOString(), status: "active", login_type: "password",
    organization_ids: [id(7)], roles: [],
  }));
  const ranged = all.map((_, person) => person);
  if (byName) ranged.sort((a, b) => (name(a) < name(b) ? -1 : 1));
  const report = (params, row) => ({ report: { start_time: params.get("start_time"), end_time: params.get("end_time"), template_ids: [id(1)], users: ranged.map((person) => ({ ...used(person), ...row(person) })) } });
  const ANSWERS = {
    "/api/v2/buildinfo": () => ({ version: "v2.38.1", deployment_id: id(0) }),
    "/api/v2/users/me": () => ({ ...all[0], roles: [{ name: "owner", display_name: "Owner" }] }),
    "/api/v2/organizations": () => [{ id: id(7), name: "platform" }],
    "/api/v2/templates": () => [{ id: id(1), name: "linux", organization_id: id(7) }],
    "/api/v2/users": (params) => ({ count: people, users: all.slice(Number(params.get("offset")), Number(params.get("offset")) + Number(params.get("limit"))) }),
    "/api/v2/insights/user-activity": (params) => report(params, (person) => ({ seconds: mixed(person) % 400_000 })),
    "/api/v2/insights/user-latency": (params) => report(params, (person) => ({ latency_ms: { p50: mixed(person) % 300, p95: mixed(person) % 900 } })),
    "/api/v2/insights/templates": (params) => ({ report: { start_time: params.get("start_time"), end_time: params.get("end_time"), template_ids: [id(1)], active_users: people, apps_usage: [], parameters_usage: [] } }),
  };
  const cache = new Map();
  return (address) => {
    const { pathname, searchParams } = new URL(address, "http://x");
    if (!cache.has(address)) cache.set(address, JSON.stringify(ANSWERS[pathname]?.(searchParams) ?? {}));
    return cache.get(address);
  };
}
