// Which roles and names an account was ever given: what somebody signed as head of department, or under the name they had
// then, stays theirs.
import { userCreate, userUpdate } from '../../shared/model/access.ts';
import type { Store } from '../store/types.ts';

/** Empty for an account nobody here has heard of yet. */
export function rolesEverOf(store: Pick<Store, 'changesOf'>, userId: string): readonly string[] {
  const roles = store.changesOf('user', userId).flatMap(({ kind, body }): readonly string[] => {
    if (kind === userCreate.kind) return userCreate.body.parse(body).roles;
    if (kind === userUpdate.kind) return userUpdate.body.parse(body).set.roles ?? [];
    return [];
  });
  return [...new Set(roles)];
}

/** Full names, in the same way. */
export function namesEverOf(store: Pick<Store, 'changesOf'>, userId: string): readonly string[] {
  const names = store.changesOf('user', userId).flatMap(({ kind, body }): readonly string[] => {
    if (kind === userCreate.kind) return [userCreate.body.parse(body).fullName];
    if (kind === userUpdate.kind) return [userUpdate.body.parse(body).set.fullName ?? []].flat();
    return [];
  });
  return [...new Set(names)];
}
