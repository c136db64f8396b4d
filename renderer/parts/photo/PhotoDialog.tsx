// Taking a photo of a patient: the camera's picture in the frame that will be kept, one key to take it, one to take it
// again, one to keep it. Without a camera a file does.
import { Button, Modal, NativeSelect } from '@mantine/core';
import { IconCameraOff } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../shared/api/contract.ts';
import { useOrder } from '../../app/api.ts';
import { KeyLayer } from '../../app/keys.tsx';
import { useSession } from '../../app/session.tsx';
import { useText } from '../../i18n/index.ts';
import { EnterButton } from '../EnterButton.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { KeyButton } from '../KeyButton.tsx';
import { showUndo } from '../UndoToast.tsx';
import { type Drawn, drawnFrom, drawnFromFile } from './draw.ts';
import styles from './Photo.module.css';
import { useCamera } from './use-camera.ts';

interface Props {
  readonly patientId: string;
  readonly name: string;
  readonly onClose: () => void;
}

export function PhotoDialog(props: Props) {
  const t = useText();
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('photo.title', { name: props.name })}
      size="46rem"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyLayer>
        <Take {...props} />
      </KeyLayer>
    </Modal>
  );
}

function Take({ patientId, name, onClose }: Props) {
  const t = useText();
  const { session } = useSession();
  const keep = useOrder('patients.setPhoto');
  const [wanted, setWanted] = useState('');
  const [attempt, setAttempt] = useState(0);
  const [taken, setTaken] = useState<Drawn | null>(null);
  const [unreadable, setUnreadable] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const camera = useCamera(taken || session.locked ? null : wanted, attempt);
  const picker = useRef<HTMLInputElement>(null);
  const asked = useRef<HTMLParagraphElement>(null);
  // so that an Enter held too long keeps nothing that nobody has looked at
  useEffect(() => {
    if (taken) asked.current?.focus();
  }, [taken]);

  function show(drawn: Drawn | null): void {
    setFailure(null);
    setUnreadable(drawn === null);
    if (drawn) setTaken(drawn);
  }
  async function take(): Promise<void> {
    const { current } = camera.video;
    if (current) show(await drawnFrom(current));
  }
  function again(): void {
    setFailure(null);
    setTaken(null);
    setAttempt((n) => n + 1);
  }
  async function save(): Promise<void> {
    if (!taken) return;
    const result = await keep.run({ patientId, jpeg: taken.base64 });
    if (!result.ok) return setFailure(result.error);
    showUndo(result.value.undo, t('photo.kept', { name }));
    onClose();
  }

  const starting = camera.now === 'off' || camera.now === 'starting';
  const fault = starting || camera.now === 'live' ? null : camera.now;
  return (
    <div className={styles.take}>
      {taken ? (
        <img
          className={styles.view}
          src={`data:image/jpeg;base64,${taken.base64}`}
          alt={t('photo.justTaken', { name })}
        />
      ) : (
        <div className={styles.view} data-fault={fault !== null || undefined}>
          <video ref={camera.video} muted playsInline aria-label={t('photo.live')} hidden={fault !== null} />
          {fault !== null && <IconCameraOff size="4rem" stroke={1.25} aria-hidden="true" />}
        </div>
      )}
      <div className={styles.side}>
        {taken ? (
          <p ref={asked} tabIndex={-1} className={styles.ask}>
            <b>{t('photo.look')}</b>
            <br />
            {t('photo.lookAt', { name })}
          </p>
        ) : fault ? (
          <div className={styles.fault} role="alert">
            <b>{t(`photo.fault.${fault}`)}</b>
            <p>{t(`photo.faultWhat.${fault}`)}</p>
          </div>
        ) : (
          <p role="status" className={styles.ask}>
            <b>{t(starting ? 'photo.starting' : 'photo.ready')}</b>
            <br />
            {t(starting ? 'photo.startingWhat' : 'photo.readyWhat')}
          </p>
        )}
        {unreadable && (
          <p className={styles.problem} role="alert">
            {t('photo.unreadable')}
          </p>
        )}
        {failure && <ErrorNotice failure={failure} />}
        {!taken && camera.cameras.length > 1 && (
          <NativeSelect
            label={t('photo.which')}
            value={camera.chosen}
            data={camera.cameras.map((each, at) => ({
              value: each.id,
              label: each.name || t('photo.nth', { n: at + 1 }),
            }))}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
        )}
        <input
          ref={picker}
          type="file"
          hidden
          accept="image/jpeg,image/png,image/webp"
          aria-label={t('photo.choose')}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file) void drawnFromFile(file).then(show);
            event.currentTarget.value = '';
          }}
        />
        <div className={styles.keys}>
          {taken ? (
            <>
              <KeyButton keyName="Ctrl+S" size="lg" loading={keep.running} onPress={() => void save()}>
                {t('photo.keep')}
              </KeyButton>
              <KeyButton keyName="F8" variant="default" onPress={again}>
                {t('photo.again')}
              </KeyButton>
            </>
          ) : fault ? (
            <Button size="lg" onClick={again} data-autofocus>
              {t('photo.tryCamera')}
            </Button>
          ) : (
            <EnterButton key={String(starting)} disabled={starting} onPress={() => void take()}>
              {t('photo.take')}
            </EnterButton>
          )}
          <KeyButton keyName="Ctrl+O" variant="default" onPress={() => picker.current?.click()}>
            {t('photo.choose')}
          </KeyButton>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </div>
      </div>
    </div>
  );
}
