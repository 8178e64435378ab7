"""A PikaBus service that a test drives: orders come in on stdin, reports go out on stdout, one JSON object a line.

    python service.py <amqp url> <options as JSON>

Options, none of them required:
    queue, topics, arguments    what it listens to, and how its queue is declared
    handler                     what its handler does: the name of one of the methods below `handle`
    answer                      what the handler replies
    prefix, time_format         how it writes headers
    retries, retry_delay        what follows a failure; the delay in seconds
    prefetch

Orders: {"do": "Send", ..} calls that method of PikaBus with the rest as its arguments; so do Publish and Defer (whose
delay is in seconds). {"do": "bare", "queue", "payload"} sends a message without any headers. {"do": "go"} opens the gate
at which some handlers wait. {"do": "stop"} stops consuming. Each is answered by "done" or "refused".
"""
import asyncio
import datetime
import json
import sys

import aio_pika
from PikaBus.PikaBusSetup import PikaBusSetup
from PikaBus.PikaErrorHandler import PikaErrorHandler
from PikaBus.PikaProperties import PikaProperties

PROPERTIES = ('message_id', 'correlation_id', 'reply_to', 'content_type', 'content_encoding', 'type', 'delivery_mode',
              'timestamp')


def report(event, **details):
    print(json.dumps({'event': event, **details}, default=str), flush=True)


class Service:
    def __init__(self, url, options):
        self.options = options
        self.gate = asyncio.Event()
        self.properties = PikaProperties(headerPrefix=options.get('prefix', 'PikaBus'),
                                         timeFormat=options.get('time_format'))
        self.setup = PikaBusSetup(
            url,
            defaultListenerQueue=options.get('queue'),
            defaultListenerQueueSettings={'arguments': options.get('arguments')},
            defaultSubscriptions=options.get('topics', []),
            defaultPrefetchCount=options.get('prefetch', 10),
            pikaProperties=self.properties,
            pikaErrorHandler=PikaErrorHandler(maxRetries=options.get('retries', 0),
                                              delay=options.get('retry_delay', 0), backoff=0),
            stopConsumersAtExit=False)
        self.setup.AddMessageHandler(self.handle)

    async def start(self):
        await self.setup.Init()  # fails at once where StartConsumers would try again for ever
        if 'queue' in self.options:
            await self.setup.StartConsumers()

    async def handle(self, data, bus, payload):
        message = data['incomingMessage']['message']
        headers = data['incomingMessage']['headers']
        time_sent = headers.get(self.properties.timeSentHeaderKey)
        report('handled', payload=payload, headers=headers,
               properties={name: getattr(message, name) for name in PROPERTIES},
               time_sent=time_sent and self.properties.StringToDatetime(time_sent).timestamp())
        await getattr(self, self.options.get('handler', 'keep'))(bus, payload)

    async def keep(self, bus, payload):
        pass

    async def hold(self, bus, payload):
        await self.gate.wait()

    async def reply(self, bus, payload):
        await bus.Reply(self.options['answer'])

    async def reply_later(self, bus, payload):
        await self.gate.wait()
        await bus.Reply(self.options['answer'])

    async def reply_number(self, bus, payload):
        await bus.Reply({'boxes': payload['number']})

    async def fail(self, bus, payload):
        raise RuntimeError('the Python handler fails')

    async def fail_and_stop(self, bus, payload):
        """With a prefetch of 1 nothing else is taken: the cancel is sent before the failed message is acknowledged."""
        self.stopping = asyncio.create_task(self.setup.StopConsumers())
        await asyncio.sleep(0)
        raise RuntimeError('the Python handler fails')

    async def obey(self, do, **arguments):
        if do == 'go':
            return self.gate.set()
        if do == 'stop':
            return await self.setup.StopConsumers()
        async with self.setup.CreateBus() as bus:
            if do == 'bare':
                message = aio_pika.Message(json.dumps(arguments['payload']).encode())
                return await bus.channel.default_exchange.publish(message, arguments['queue'])
            if do == 'Defer':
                arguments['delay'] = datetime.timedelta(seconds=arguments['delay'])
            await getattr(bus, do)(**arguments)


async def main(url, options):
    service = Service(url, json.loads(options))
    try:
        await service.start()
    except Exception as exception:
        return report('refused', reason=repr(exception))
    report('done')
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    async for order in orders:
        try:
            await service.obey(**json.loads(order))
            report('done')
        except Exception as exception:
            report('refused', reason=repr(exception))
    await service.setup.Close()


asyncio.run(main(*sys.argv[1:]))
