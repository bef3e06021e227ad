import grpc from '@grpc/grpc-js'

const raw = (text: string): Buffer => Buffer.from(text)
const read = (bytes: Buffer): string => `${bytes}`

function method(
  name: string,
  requestStream: boolean,
  responseStream: boolean,
): grpc.MethodDefinition<string, string> {
  return {
    path: `/test.Echo/${name}`,
    requestStream,
    responseStream,
    requestSerialize: raw,
    requestDeserialize: read,
    responseSerialize: raw,
    responseDeserialize: read,
  }
}

/** Text there and back, by each kind of call. */
export const ECHO = {
  unary: method('Unary', false, false),
  count: method('Count', false, true),
  join: method('Join', true, false),
  chat: method('Chat', true, true),
} satisfies grpc.ServiceDefinition

/** A gRPC server on a free port. What it saw of calls' ends and deadlines is kept. */
export class EchoServer {
  port = 0
  cancelled = 0
  deadline: grpc.Deadline = 0
  readonly #server = new grpc.Server()

  async start(): Promise<this> {
    this.#server.addService(ECHO, {
      unary: (call: grpc.ServerUnaryCall<string, string>, done: grpc.sendUnaryData<string>) =>
        this.#unary(call, done),
      count: (call: grpc.ServerWritableStream<string, string>) => this.#count(call),
      join: (call: grpc.ServerReadableStream<string, string>, done: grpc.sendUnaryData<string>) =>
        this.#join(call, done),
      chat: (call: grpc.ServerDuplexStream<string, string>) => this.#chat(call),
    })
    this.port = await new Promise((resolve, reject) =>
      this.#server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      ),
    )
    return this
  }

  stop(): void {
    this.#server.forceShutdown()
  }

  #unary(call: grpc.ServerUnaryCall<string, string>, done: grpc.sendUnaryData<string>): void {
    this.deadline = call.getDeadline()
    call.on('cancelled', () => this.cancelled++)
    if (call.request === 'silence') return
    const trailer = new grpc.Metadata()
    trailer.set('x-trailer', 'there')
    trailer.set('x-blob-bin', Buffer.from([0, 255, 10, 13]))
    if (call.request === 'fail')
      done({ code: grpc.status.NOT_FOUND, details: 'nothing of that name: ü', metadata: trailer })
    else done(null, `${call.request} ${call.metadata.get('x-sent')[0] ?? ''}`, trailer)
  }

  #count(call: grpc.ServerWritableStream<string, string>): void {
    call.on('cancelled', () => this.cancelled++)
    if (call.request === 'endless') {
      call.write('first')
      return
    }
    for (let nth = 0; nth < Number(call.request); nth++) call.write(`${nth}`)
    call.end()
  }

  #join(call: grpc.ServerReadableStream<string, string>, done: grpc.sendUnaryData<string>): void {
    const parts: string[] = []
    call.on('data', (part: string) => parts.push(part))
    call.on('end', () => done(null, parts.join(' ')))
  }

  #chat(call: grpc.ServerDuplexStream<string, string>): void {
    call.on('data', (part: string) => call.write(`re: ${part}`))
    call.on('end', () => call.end())
    call.on('cancelled', () => this.cancelled++)
  }
}

/** A client of it. */
export const EchoClient = grpc.makeGenericClientConstructor(ECHO, 'Echo')
