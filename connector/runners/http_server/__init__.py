"""The HTTP runner: the marketplace's wire, a REST form, and what operators need, in one ASGI application.

    from connector.runners.http_server.serving import HttpServer
    from connector.runners.http_server.settings import Settings

    with Connector.load(max_wait=1) as connector, HttpServer(connector, Settings(port=0)) as server:
        print(server.url)

Importing this package loads nothing, so that the command line knows the settings without the server's libraries.
"""
