import { expect } from 'chai';
import fc from 'fast-check';
import { DigestMd5Client, SaslError } from '../../../security/index.js';
import { digestSecurityLayer, type Qop } from '../../../security/sasl/security-layer.js';

const CHRIS = { username: 'chris', password: 'secret' };

/** The two examples of RFC 2831, section 4. */
const IMAP = {
  options: { ...CHRIS, protocol: 'imap', serverId: 'elwood.innosoft.com', cnonce: 'OA6MHXh6VqTrRk' },
  challenge: 'realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8',
  response: 'd388dad90d4bbd760a152321f2143af7',
  proof: 'ea40f60335c427b5527b84dbabcdfffd',
};
const ACAP = {
  options: { ...CHRIS, protocol: 'acap', serverId: 'elwood.innosoft.com', cnonce: 'OA9BSuZWMSpW8m' },
  challenge: 'realm="elwood.innosoft.com",nonce="OA9BSXrbuRhWay",qop="auth",algorithm=md5-sess,charset=utf-8',
  response: '6084c6db3fede7352c551284490fd0fc',
  proof: '2f0b3d7c3c2e486600ef710726aa2eae',
};

function clientOf(challenge: string, changes: Partial<(typeof IMAP)['options']> & { qops?: readonly Qop[] } = {}): DigestMd5Client {
  const client = new DigestMd5Client({ ...IMAP.options, ...changes });
  client.respond(Buffer.from(challenge));
  return client;
}

describe('DigestMd5Client', () => {
  for (const { options, challenge, response, proof } of [IMAP, ACAP]) {
    it(`answers as in RFC 2831 for ${options.protocol}`, () => {
      const client = new DigestMd5Client(options);
      const answer = client.respond(Buffer.from(challenge)).toString();
      expect(answer).to.include(`response=${response}`).and.to.include(`digest-uri="${options.protocol}/${options.serverId}"`);
      expect(client.finish(Buffer.from(`rspauth=${proof}`))).to.deep.equal({ qop: 'auth', layer: undefined });
    });
  }

  it('refuses a server that does not know the password', () => {
    expect(() => clientOf(IMAP.challenge).finish(Buffer.from(`rspauth=${ACAP.proof}`))).to.throw(SaslError, 'does not prove');
  });

  it('refuses an answer before the challenge', () => {
    expect(() => new DigestMd5Client(IMAP.options).finish(Buffer.from(''))).to.throw(SaslError, 'before it began');
  });

  it('takes the first protection of the server that is acceptable', () => {
    const challenge = 'realm="r",nonce="n",qop="auth-conf,auth-int,auth",cipher="3des,rc4,des",algorithm=md5-sess';
    const answer = (qops?: readonly Qop[]): string =>
      new DigestMd5Client({ ...IMAP.options, ...(qops ? { qops } : {}) }).respond(Buffer.from(challenge)).toString();
    expect(answer()).to.match(/qop=auth-conf,cipher="rc4"$/);
    expect(answer(['auth', 'auth-int'])).to.match(/qop=auth-int$/);
  });

  it('says what is wrong with a challenge', () => {
    expect(() => clientOf('realm="r",algorithm=md5-sess')).to.throw(SaslError, 'has no nonce');
    expect(() => clientOf('nonce="n",algorithm=sha-256')).to.throw(SaslError, '"sha-256"');
    expect(() => clientOf('nonce="n')).to.throw(SaslError, 'cannot be read');
    expect(() => clientOf('nonce="n",qop="auth-x",algorithm=md5-sess')).to.throw(SaslError, 'offers the protections "auth-x"');
    expect(() => clientOf('nonce="n",qop="auth-conf",cipher="des",algorithm=md5-sess')).to.throw(SaslError, 'offers the ciphers "des"');
  });

  it('quotes names, and takes quoted ones apart', () => {
    const client = new DigestMd5Client({ ...IMAP.options, username: 'a"b\\c' });
    const answer = client.respond(Buffer.from('nonce="x\\"y",algorithm=md5-sess,realm="eins",realm="zwei"')).toString();
    expect(answer).to.include('username="a\\"b\\\\c"').and.to.include('nonce="x\\"y"').and.to.include('realm="eins"');
  });
});

describe('digestSecurityLayer', () => {
  const key = Buffer.alloc(16, 7);

  for (const qop of ['auth-int', 'auth-conf'] as const) {
    it(`brings any messages over with ${qop}, both ways`, () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (messages) => {
          const client = digestSecurityLayer(qop, key, 'client')!;
          const server = digestSecurityLayer(qop, key, 'server')!;
          for (const message of messages) {
            expect(server.unwrap(client.wrap(message)).equals(message)).to.equal(true);
            expect(client.unwrap(server.wrap(message)).equals(message)).to.equal(true);
          }
        }),
      );
    });

    it(`notices with ${qop} what was changed, left out or cut short`, () => {
      const layers = (): ReturnType<typeof digestSecurityLayer>[] => [
        digestSecurityLayer(qop, key),
        digestSecurityLayer(qop, key, 'server'),
      ];
      const [client, server] = layers();
      const changed = client!.wrap(Buffer.from('message'));
      changed[0]! ^= 1;
      expect(() => server!.unwrap(changed)).to.throw(SaslError, 'was changed');
      const [sender, receiver] = layers();
      sender!.wrap(Buffer.from('lost'));
      expect(() => receiver!.unwrap(sender!.wrap(Buffer.from('next')))).to.throw(SaslError, 'out of sequence');
      expect(() => receiver!.unwrap(Buffer.alloc(15))).to.throw(SaslError, 'too short');
    });
  }

  it('does nothing for auth', () => {
    expect(digestSecurityLayer('auth', key)).to.equal(undefined);
  });
});
