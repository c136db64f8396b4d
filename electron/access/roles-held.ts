// Which roles an account was ever given: what somebody signed as head of department stays theirs when they are no longer.
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
