"""A connection that is lost while it waits for messages, with some not yet done, can be closed and is told as lost."""

import pytest
from celery.utils.imports import symbol_by_name
from kombu import Connection, Queue

from connector.runners.workers.broker_loss import LastingConsumer, make_lasting
from connector.runners.workers.celery_worker import build_app


def test_a_connection_that_is_lost_in_the_middle_of_waiting_is_closed(own_redis):
    connection = make_lasting(Connection(own_redis.url, transport_options={"priority_steps": [0]}))
    queue, taken = Queue("berths"), []
    for number in range(3):
        connection.Producer().publish(number, routing_key="berths", declare=[queue])
    consumer = connection.Consumer([queue], callbacks=[lambda _, message: taken.append(message)])
    consumer.qos(prefetch_count=10)
    consumer.consume()
    while len(taken) < 3:
        connection.drain_events(timeout=5)
    # As a worker has it for its remote control.
    second = connection.channel()
    connection.Consumer([Queue("orders")], channel=second).consume()
    with pytest.raises(TimeoutError):
        connection.drain_events(timeout=0.5)
    assert connection.default_channel._in_poll
    assert second._in_poll
    own_redis.stop()
    # As Celery does it.
    connection.collect(socket_timeout=1)
    connection.close()
    with pytest.raises(connection.connection_errors):
        taken[0].ack()


def test_workers_have_such_connections(redis_server):
    with build_app(redis_url=redis_server.url) as app:
        assert symbol_by_name(app.conf.worker_consumer) is LastingConsumer
