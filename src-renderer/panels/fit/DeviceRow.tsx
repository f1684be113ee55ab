// Where the fit computes: chosen with its reason unless it is pinned, and every device with the time of a step measured here.

import { numberText } from '../../../src-worker/scene/axes.ts';
import { pinDevice } from '../../state/form.ts';
import { tryDevices, useDevices } from '../../state/devices.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icons.tsx';

const AUTO = 'auto';
const TRIED = 'a step of one small model on one thread';

/** Nothing where the model leaves no choice. */
export function DeviceRow({ devices }: { readonly devices: readonly string[] | undefined }) {
  const device = useStore((state) => state.device);
  const chosen = useStore((state) => state.preview?.device);
  const { tried, isTrying } = useDevices();
  if (!devices) return undefined;
  const now = devices.includes(device) ? device : AUTO;
  const isSet = now !== AUTO;
  const usual = chosen === undefined || chosen.value === AUTO ? 'fastest here' : String(chosen.value);
  const own = tried?.find(({ id }) => id === now);
  const reason = isSet ? (own?.reason ?? `chosen ${usual}`) : chosen?.reason;
  return (
    <>
      <div className={isSet ? 'row set' : 'row'} data-param="device">
        <label htmlFor="device">Device</label>
        <span className="v">
          <span className="select">
            <select
              id="device"
              className={isSet ? '' : 'auto'}
              value={isSet ? now : ''}
              onChange={(event) => pinDevice(event.currentTarget.value || AUTO)}
            >
              <option value="">{usual}</option>
              {devices.map((id) => (
                <option key={id} value={id} disabled={tried?.find((one) => one.id === id)?.available === false}>
                  {id}
                </option>
              ))}
            </select>
            <Icon name="down" size={10} />
          </span>
          {reason && (
            <span className="reason" title={reason}>
              {reason.split(': ')[0]}
            </span>
          )}
          {isSet && (
            <button type="button" className="ib back" title="Back to the chosen device" onClick={() => pinDevice(AUTO)}>
              <Icon name="reset" />
            </button>
          )}
        </span>
      </div>
      <div className="row">
        <span />
        <span className="v">
          <button type="button" className="link" disabled={isTrying} title={`Times ${TRIED}`} onClick={tryDevices}>
            {isTrying ? 'Trying them…' : tried ? 'Try the devices again' : 'Try the devices'}
          </button>
        </span>
      </div>
      {tried && (
        <ul className="checks devices" aria-label={`Devices, ${TRIED}`}>
          {tried
            .filter(({ id }) => devices.includes(id))
            .map(({ id, name, available, reason: why, stepMs }) => (
              <li key={id} className={available ? 'good' : 'warn'} title={`${name}: ${why}`} data-device={id}>
                <Icon name={available ? 'check' : 'warn'} />
                <span>{available ? name : `${id}: ${why}`}</span>
                <b>{stepMs === undefined ? 'not here' : `${numberText(stepMs, stepMs < 10 ? 1 : 0)} ms`}</b>
              </li>
            ))}
        </ul>
      )}
    </>
  );
}
