"""Puts the ten newest albums of the artists that the listener follows into the library."""

from connector import Connector
from connector.sandbox import Sandbox

# With an account of your own: `Connector.load(connection="default")`, no sandbox, and no `me`.
with Sandbox() as sandbox, Connector.load(servers=sandbox.servers) as spotify:
    me = {"access_token": sandbox.demo_args["access_token"]}
    albums = {}
    for artist in spotify.stream("getFollowedArtists", me):
        wanted = {"id": artist["id"], "include_groups": "album", "max_items": 10}
        for album in spotify.stream("getArtistAlbums", {**me, **wanted}):
            albums[album["id"]] = album
    newest = sorted(albums.values(), key=lambda album: album["release_date"], reverse=True)[:10]
    result = spotify.invoke("saveToLibrary", {**me, "uris": [album["uri"] for album in newest]})
    result.unwrap()
    for album in newest:
        print(album["release_date"], album["name"], "by", album["artists"][0]["name"])
    print(result.meta.did)
