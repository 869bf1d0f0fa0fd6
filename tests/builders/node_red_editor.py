"""Node-RED's editor in a browser: what a maker does with the mouse and the keyboard, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builders.node_red_server import NodeRed
from builders.patience import PATIENCE_MS, find_middle, wait_until_still
from playwright.sync_api import Locator, Page, expect

_CANVAS = "#red-ui-workspace-chart"
#: The last that the editor does when a form has slid in, after it has put the cursor into it.
_IS_OPEN = "() => $('#red-ui-editor-stack').css('zIndex') === '13'"
_IS_FILTERED = """
(text) => [...document.querySelectorAll('#red-ui-palette-container .red-ui-palette-node')].every((node) => {
    const { filter, paletteType, paletteLabel } = node.dataset;
    return (filter !== 'true') === `${paletteType} ${paletteLabel}`.toLowerCase().includes(text.toLowerCase());
})
"""
#: What was kept for those who come later is sent once all that was asked for before has been heard.
_LISTEN = "() => RED.comms.subscribe('notification/runtime-deploy', () => { window.isHeard = true; })"


class Editor:
    """The editor of `node_red`, open in `page`."""

    def __init__(self, page: Page, node_red: NodeRed) -> None:
        self.page = page
        self._node_red = node_red
        page.set_default_timeout(PATIENCE_MS)
        self.reload()

    def reload(self) -> None:
        """Shows the flows that are deployed, once the editor hears what they say."""
        self.page.goto(self._node_red.url)
        self.page.wait_for_selector(".red-ui-palette-node", state="attached")
        self.page.wait_for_function("RED.nodes.getWorkspaceOrder().length > 0")
        self.page.evaluate(_LISTEN)
        self.page.wait_for_function("window.isHeard")

    def drag(self, node_type: str, x: int, y: int, search: str = "") -> str:
        """Drags a node from the palette to a place on the canvas and gives its id."""
        self.filter(search or node_type)
        row = self.page.locator(f".red-ui-palette-node[data-palette-type='{node_type}']")
        start, canvas = find_middle(row), self.page.locator(_CANVAS).bounding_box()
        assert canvas is not None
        known = set(self._ids())
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        # jQuery UI takes a drag for one only once the mouse has moved step by step.
        mouse.move(start[0] + 40, start[1] + 10, steps=5)
        mouse.move(canvas["x"] + x, canvas["y"] + y, steps=15)
        mouse.up()
        self.page.wait_for_function("known => RED.nodes.filterNodes({}).length > known", arg=len(known))
        [new] = set(self._ids()) - known
        self.filter("")
        return new

    def filter(self, text: str) -> None:
        """Leaves in the palette only what `text` fits."""
        box = self.page.locator("#red-ui-palette-search input")
        box.fill("")
        # The palette hears keys, not changes.
        box.press_sequentially(text) if text else box.press("Backspace")
        self.page.wait_for_function(_IS_FILTERED, arg=text)

    def _ids(self) -> list[str]:
        found: list[str] = self.page.evaluate(
            "() => { const all = []; RED.nodes.eachNode(n => all.push(n.id)); return all }"
        )
        return found

    def wire(self, source: str, target: str) -> None:
        """Draws a wire from one node's output to another one's input."""
        start = find_middle(self.page.locator(f"[id='{source}'] .red-ui-flow-port-output .red-ui-flow-port"))
        end = find_middle(self.page.locator(f"[id='{target}'] .red-ui-flow-port-input .red-ui-flow-port"))
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=12)
        self.page.mouse.up()
        self.page.wait_for_function(
            "([a, b]) => { let found = false;"
            " RED.nodes.eachLink(l => { found = found || (l.source.id === a && l.target.id === b) }); return found }",
            arg=[source, target],
        )

    def open(self, node: str) -> None:
        """Opens a node's form."""
        self.page.locator(f"[id='{node}'] rect.red-ui-flow-node").dblclick()
        self.page.locator("#node-dialog-ok").wait_for()
        self.wait_for_form()

    def wait_for_form(self) -> None:
        """Waits until a form has slid in: what is clicked before is missed, and the cursor moves once it has."""
        self.page.wait_for_function(_IS_OPEN)
        wait_until_still(self.page.locator(".red-ui-tray").last)

    def done(self) -> None:
        """Closes the form and keeps what was entered."""
        self.page.locator("#node-dialog-ok").click()
        self.page.locator("#node-dialog-ok").wait_for(state="detached")
        self.page.locator("#red-ui-editor-shade").wait_for(state="hidden")

    def fill(self, name: str, text: str) -> None:
        """Types a field's value and leaves the field."""
        self.field(name).fill(text)
        self.field(name).blur()
        self.page.wait_for_function("([name, text]) => $('#node-input-arg_' + name).val() === text", arg=[name, text])

    def field(self, name: str) -> Locator:
        """What a maker types a field's value into."""
        return self.row(name).locator("input.red-ui-typedInput-input")

    def row(self, name: str) -> Locator:
        """A field's row of the form."""
        return self.page.locator(".form-row", has=self.page.locator(f"#node-input-arg_{name}"))

    def choose_type(self, name: str, label: str) -> None:
        """Chooses how a field's value is meant: a value of its own, `msg.`, an expression."""
        self.row(name).locator(".red-ui-typedInput-type-select").click()
        self.page.locator(".red-ui-typedInput-options:visible a", has_text=label).first.click()

    def choose_option(self, row: Locator, label: str) -> None:
        """Chooses from a menu of the form."""
        row.locator(".red-ui-typedInput-option-trigger").click()
        self.page.locator(".red-ui-typedInput-options:visible a", has_text=label).first.click()

    def unfold(self, title: str) -> None:
        """Opens a section of the form."""
        self.page.locator("summary", has_text=title).click()

    def value(self, name: str) -> Any:
        """A field's value as Node-RED will keep it: text and type."""
        return self.page.evaluate(
            "name => [$('#node-input-arg_' + name).val(), $('#node-input-argtype_' + name).val()]", name
        )

    def choose_suggestion(self, text: str) -> None:
        """Takes one of the suggestions below the field that is being typed into."""
        self.page.locator(".red-ui-autoComplete-container a", has_text=text).first.click()

    def plain_row(self, name: str) -> Locator:
        """A row of the form that is no field of the block."""
        return self.page.locator(".form-row", has=self.page.locator(f"#node-input-{name}"))

    def problem(self, name: str) -> str | None:
        """What Node-RED says is wrong with a field; `None` where it is not marked."""
        found: str | None = self.page.evaluate(
            "name => { const input = $('#node-input-arg_' + name); if (!input.hasClass('input-error')) return null;"
            " const node = RED.nodes.node(RED.view.selection().nodes[0].id);"
            " return node._def.defaults['arg_' + name].validate.call(node, input.val(), {}) }",
            name,
        )
        return found

    def paste(self, box: Locator, text: str) -> None:
        """Pastes text as a person does."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        box.focus()
        self.page.keyboard.press("Control+V")

    def show_help(self) -> None:
        """Brings the help of the selected node to the sidebar."""
        self.page.evaluate("() => RED.sidebar.show('help')")
        self.page.locator(".red-ui-help:visible").first.wait_for()

    def unfold_message(self, number: int) -> None:
        """Opens what the debug sidebar shows folded, and the first thing in it."""
        handles = self.page.locator(".red-ui-debug-msg").nth(number - 1).locator(".red-ui-debug-msg-object-handle")
        handles.first.click()
        handles.nth(1).click()

    def import_example(self, package: str, name: str) -> None:
        """Imports an example flow by Node-RED's menu."""
        self.page.locator("#red-ui-header-button-sidemenu").click()
        self.page.locator("#menu-item-import").click()
        self.page.locator("#red-ui-tab-red-ui-clipboard-dialog-import-tab-examples a").click()
        tree = self.page.locator("#red-ui-clipboard-dialog-import-tab-examples")
        folder = tree.locator(".red-ui-treeList-label", has_text=package)
        wait_until_still(folder)
        folder.click()
        example = tree.locator(".red-ui-treeList-label", has=self.page.get_by_text(name, exact=True))
        # The list slides open.
        wait_until_still(example)
        example.click()
        expect(example).to_contain_class("selected")
        self.page.locator("#red-ui-clipboard-dialog-ok").click()
        self.page.locator(".red-ui-notification", has_text="Imported").wait_for()

    def types(self, service: str) -> list[str]:
        """The types of all nodes of a service's categories, on all flows; "unknown" where there is no such type."""
        found: list[str] = self.page.evaluate(
            "service => RED.nodes.filterNodes({}).map(node => node.type)"
            ".filter(type => type === 'unknown' || RED.nodes.getType(type).category.startsWith(`${service} `))",
            service,
        )
        return found

    def invalid(self) -> list[str]:
        """The types of the nodes that are not filled in."""
        found: list[str] = self.page.evaluate(
            "() => { const all = []; RED.nodes.eachNode(n => { if (!n.valid) all.push(n.type) }); return all }"
        )
        return found

    def deploy(self) -> None:
        """Deploys, and waits until Node-RED has taken the flows and runs them."""
        with self._node_red.starting_flows():
            self.page.locator("#red-ui-header-button-deploy").click()
            self.page.wait_for_selector("#red-ui-header-button-deploy.disabled")

    def press(self, inject: str) -> None:
        """Presses the button of an Inject node."""
        self.page.locator(f"[id='{inject}'] .red-ui-flow-node-button-button").click()

    def messages(self) -> Locator:
        """What the debug sidebar shows."""
        return self.page.locator(".red-ui-debug-msg")

    def status(self, node: str) -> Locator:
        return self.page.locator(f"[id='{node}'] .red-ui-flow-node-status-label")

    def shoot(self, path: Path) -> None:
        """Takes a picture of the flow's top once nothing moves any more and no passing note is in the way."""
        self.page.mouse.move(2, 2)
        self.page.evaluate("selector => document.querySelector(selector).scrollTo(0, 0)", _CANVAS)
        self.page.locator(".red-ui-notification").first.wait_for(state="hidden")
        wait_until_still(self.page.locator("#red-ui-main-container"))
        self.page.screenshot(path=path)
