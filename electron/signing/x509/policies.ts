// Certificate policies along a path (RFC 5280, 6.1; as RFC 9618 keeps it from growing without bound). We ask for no
// policy of our own, so all that matters is whether some policy is left where a CA demands an explicit one.

import type { Certificate } from './certificate.ts';
import { isSelfIssued } from './certificate.ts';
import { anyPolicy } from './extensions.ts';

/** Certificates from just below the anchor to the leaf. Whether no CA's demand is broken. */
export function policiesHold(anchor: Certificate, path: readonly Certificate[]): boolean {
  const start = { explicit: Infinity, mapping: Infinity, any: Infinity };
  const limits = lowered(start, anchor);
  let nodes: Nodes = new Map([[anyPolicy, [anyPolicy]]]);
  if (anchor.policies !== null && !anchor.policies.includes(anyPolicy))
    nodes = new Map(anchor.policies.map((policy) => [policy, [policy]]));

  for (const [i, certificate] of path.entries()) {
    const last = i === path.length - 1;
    const selfIssued = isSelfIssued(certificate);
    const anyCounts = limits.any > 0 || (!last && selfIssued);
    nodes = nextNodes(nodes, certificate, anyCounts);
    if (limits.explicit <= 0 && nodes.size === 0) return false;
    if (!last) nodes = mapped(nodes, certificate, limits.mapping > 0);
    if (last || !selfIssued) {
      limits.explicit -= 1;
      limits.mapping -= 1;
      limits.any -= 1;
    }
    Object.assign(limits, last ? atEnd(limits, certificate) : lowered(limits, certificate));
  }
  return limits.explicit > 0 || nodes.size > 0;
}

/** Valid policies of one level and what the next certificate may call each. Empty: no policy is valid. */
type Nodes = ReadonlyMap<string, readonly string[]>;

interface Limits {
  explicit: number;
  mapping: number;
  any: number;
}

function lowered(limits: Limits, { policyConstraints, inhibitAnyPolicy }: Certificate): Limits {
  return {
    explicit: Math.min(limits.explicit, policyConstraints?.requireExplicit ?? Infinity),
    mapping: Math.min(limits.mapping, policyConstraints?.inhibitMapping ?? Infinity),
    any: Math.min(limits.any, inhibitAnyPolicy ?? Infinity),
  };
}

/** The leaf's own demand counts only when it is for at once (6.1.5 b). */
const atEnd = (limits: Limits, { policyConstraints }: Certificate): Limits =>
  policyConstraints?.requireExplicit === 0 ? { ...limits, explicit: 0 } : limits;

function nextNodes(before: Nodes, { policies }: Certificate, anyCounts: boolean): Nodes {
  if (policies === null) return new Map();
  const expected = new Set([...before.values()].flat());
  const named = policies.filter(
    (policy) => policy !== anyPolicy && (expected.has(policy) || expected.has(anyPolicy)),
  );
  const inherited = policies.includes(anyPolicy) && anyCounts ? [...expected] : [];
  return new Map([...named, ...inherited].map((policy) => [policy, [policy]]));
}

function mapped(nodes: Nodes, { policyMappings }: Certificate, allowed: boolean): Nodes {
  if (policyMappings === null) return nodes;
  const next = new Map(nodes);
  for (const issuer of new Set(policyMappings.map((mapping) => mapping.issuer))) {
    const subjects = policyMappings.filter((m) => m.issuer === issuer).map((m) => m.subject);
    if (!allowed) next.delete(issuer);
    else if (nodes.has(issuer) || nodes.has(anyPolicy)) next.set(issuer, subjects);
  }
  return next;
}
