// What a role can grant. Roles and what they hold are data: shared/codes/roles.ts.

export const permissions = [
  'patient.read', // identity, relatives, insurance: what reception sees
  'patient.write',
  'board.read', // beds and who lies in them
  'chart.read', // clinical content: vitals, notes, allergies
  'admission.admit',
  'admission.move', // transfer, bed swap
  'admission.discharge',
  'bed.state', // cleaning, closing, sharing
  'ward.layout', // wards, rooms, beds
  'vitals.write',
  'allergy.write',
  'notes.write', // progress entries (diễn biến)
  'orders.write', // orders on the treatment sheet (y lệnh)
  'task.write',
  'conflict.settle',
  'station.read',
  'station.manage',
  'users.manage',
  'audit.read',
  'breakglass', // may open a chart it has no right to, with a reason, logged
] as const;

export type Permission = (typeof permissions)[number];
