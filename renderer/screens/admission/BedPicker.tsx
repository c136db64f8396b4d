// Ward first, then one of its free beds by room. Only beds somebody could lie in now are offered.
import { NativeSelect } from '@mantine/core';
import type { Output } from '../../../shared/api/index.ts';
import { useAnswer } from '../../app/api.ts';
import { useText } from '../../i18n/index.ts';

export interface Place {
  readonly wardId: string;
  /** Empty: on the ward, bed to be given later. */
  readonly bedId: string;
}

interface Props {
  readonly place: Place;
  readonly onChange: (place: Place) => void;
  readonly errors?: { readonly wardId?: string | undefined; readonly bedId?: string | undefined };
  readonly autofocus?: boolean;
  /** Ward fixed: only its beds are offered. */
  readonly fixedWard?: boolean;
}

export function BedPicker({ place, onChange, errors = {}, autofocus = false, fixedWard = false }: Props) {
  const t = useText();
  const wards = useAnswer('beds.wards', {});
  const free = useAnswer('beds.free', { wardId: place.wardId }, { enabled: place.wardId !== '' });
  const open = wards.data?.filter((w) => !w.closed) ?? [];
  return (
    <>
      {fixedWard ? null : (
        <NativeSelect
          label={t('admission.ward')}
          required
          value={place.wardId}
          error={errors.wardId}
          {...(autofocus ? { 'data-autofocus': true } : {})}
          onChange={(event) => onChange({ wardId: event.currentTarget.value, bedId: '' })}
        >
          <option value="">{t('admission.chooseWard')}</option>
          {open.map((w) => (
            <option key={w.wardId} value={w.wardId}>
              {t('admission.wardOption', { name: w.name, free: w.free })}
            </option>
          ))}
        </NativeSelect>
      )}
      <NativeSelect
        label={t('admission.bed')}
        value={place.bedId}
        disabled={place.wardId === ''}
        error={errors.bedId}
        description={
          free.data && free.data.length === 0 && place.wardId !== '' ? t('admission.noFreeBed') : undefined
        }
        {...(autofocus && fixedWard ? { 'data-autofocus': true } : {})}
        onChange={(event) => onChange({ ...place, bedId: event.currentTarget.value })}
      >
        <option value="">{t('admission.bedLater')}</option>
        {byRoom(free.data ?? []).map(([room, beds]) => (
          <optgroup key={room} label={room}>
            {beds.map((bed) => (
              <option key={bed.bedId} value={bed.bedId}>
                {bed.shared && bed.occupants > 0
                  ? t('admission.sharedBed', { bed: bed.name, n: bed.occupants })
                  : t('admission.bedOption', { bed: bed.name, room })}
              </option>
            ))}
          </optgroup>
        ))}
      </NativeSelect>
    </>
  );
}

type FreeBed = Output<'beds.free'>[number];

function byRoom(beds: readonly FreeBed[]): [string, FreeBed[]][] {
  const rooms = new Map<string, FreeBed[]>();
  for (const bed of beds) rooms.set(bed.roomName, [...(rooms.get(bed.roomName) ?? []), bed]);
  return [...rooms];
}
