/** Settings of the admin port, and of TLS. */
import { type Setting, setting } from './setting.ts';

const text = (key: string, help: string, group: Setting['group'] = 'admin'): Setting =>
  setting(key, { group, kind: 'text', unit: '', initial: null, help });

export const TLS_SETTINGS: readonly Setting[] = [
  text(
    'tlsCert',
    'file of a certificate (PEM): the service then speaks HTTPS alone; read again when it changes; needs the key',
    'behaviour',
  ),
  text('tlsKey', 'file of its private key (PEM)', 'behaviour'),
];

export const ADMIN_SETTINGS: readonly Setting[] = [
  setting('adminPort', {
    group: 'admin',
    kind: 'integer',
    unit: '',
    initial: null,
    min: 0,
    max: 65_535,
    help: 'TCP port on which rules are changed, by keys of "emend keys"; none by default; 0 takes a free one',
  }),
  setting('adminHost', {
    group: 'admin',
    kind: 'text',
    unit: '',
    initial: '127.0.0.1',
    help: 'address of the admin port',
  }),
  text('adminTlsCert', 'file of the certificate (PEM) of the admin port, read again when it changes; needs the key'),
  text('adminTlsKey', 'file of its private key (PEM)'),
  text('adminUserHeader', 'request header in which a trusted proxy names the person; needs the proxies'),
  setting('adminTrustedProxies', {
    group: 'admin',
    kind: 'list',
    unit: '',
    initial: '',
    help: 'addresses and networks, as 10.0.0.0/8, of proxies whose header is believed',
  }),
  setting('adminUserScopes', {
    group: 'admin',
    kind: 'list',
    unit: '',
    initial: 'read',
    help: 'what people named by a proxy may do, of read, rules:write, datasets:write, admin',
  }),
];
