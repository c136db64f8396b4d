// What a patient is called whose name nobody knows yet (Law 15/2023 Art. 72).

/** Holds the record number, whose letter keeps it from being taken for a twelve-digit personal number. */
export const workingName = (recordNumber: string): string => `Chưa rõ danh tính ${recordNumber}`;
